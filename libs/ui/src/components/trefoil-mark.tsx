/** The logo: three leaves, one for each server, that meet in one point. It is decorative. */
export function TrefoilMark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <circle cx="16" cy="10" r="7.5" />
      <circle cx="9.6" cy="20.5" r="7.5" />
      <circle cx="22.4" cy="20.5" r="7.5" />
    </svg>
  );
}

/** The logo as the icon of a browser tab: a `data:` URL, so that no server has to serve a file. */
export const markIcon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#2a8a5b" fill-opacity=".8">' +
      '<circle cx="16" cy="10" r="7.5"/><circle cx="9.6" cy="20.5" r="7.5"/><circle cx="22.4" cy="20.5" r="7.5"/></svg>',
  );
