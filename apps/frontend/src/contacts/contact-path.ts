/** The address of a contact's page. */
export const contactPath = (id: string): string => `/contacts/${encodeURIComponent(id)}`;
