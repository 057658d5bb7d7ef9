// Starts Azurite with rows in its tables: node filled-azurite.js ROWS AZURITE [arguments of Azurite]. ROWS has one row a line, as JSON.
// For each row that comes over HTTP Azurite goes through the rows of its partition: a large one would take it hours.
const { createReadStream } = require("fs");
const { createInterface } = require("readline");
const { join } = require("path");

const [node, , rows, azurite, ...rest] = process.argv;
const account = "devstoreaccount1";
const Store = require(join(azurite, "table", "persistence", "LokiTableMetadataStore.js")).default;
const init = Store.prototype.init;

Store.prototype.init = async function () {
  await init.call(this);
  const tables = new Map();
  for await (const line of createInterface({ input: createReadStream(rows) })) {
    const { table, ...row } = JSON.parse(line);
    if (!tables.has(table)) {
      await this.createTable({}, { account, table });
      tables.set(table, []);
    }
    const { PartitionKey, RowKey } = row;
    tables.get(table).push({
      PartitionKey, RowKey, properties: row, eTag: `W/"datetime'filled'"`, lastModifiedTime: "2026-01-01T00:00:00.0000000Z",
    });
  }
  for (const [table, filled] of tables) {
    this.getEntityCollection(account, table, {}).insert(filled, true);
  }
};

process.argv = [node, join(azurite, "azurite.js"), ...rest];
require(process.argv[1]);
