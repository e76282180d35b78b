// @ts-check
// Prints the URL of the database of an example: <name>. Creates it on the PostgreSQL of npm start, which must be running.
const [name] = process.argv.slice(2);
if (!name || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error('Name the example, such as payments.');
  process.exit(2);
}
const { createExampleDatabase, openLocalInstallation } = await import('../libs/local-stack/dist/index.js');
const { adminUrl, release } = await openLocalInstallation();
const url = await createExampleDatabase(adminUrl, name, `${name}-demo-password`);
await release();
console.log(url);
