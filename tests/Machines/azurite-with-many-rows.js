// For `node --require`: Azurite finds rows by the index of either key. By itself it takes the partition's and goes through all of its rows
// for every row that is read or written, and through all rows of a table for every query. What is found is the same.
const { Collection } = require("lokijs");
const { join, dirname } = require("path");

const Store = require(join(dirname(process.argv[1]), "table", "persistence", "LokiTableMetadataStore.js")).default;
const findOne = Collection.prototype.findOne;
const queryTableEntities = Store.prototype.queryTableEntities;

Collection.prototype.findOne = function (query) {
  const isRow = query?.RowKey !== undefined && this.data.length > 0;
  const byRow = isRow && rows(this, "RowKey", query.RowKey) < rows(this, "PartitionKey", query.PartitionKey);
  return findOne.call(this, byRow ? { RowKey: query.RowKey, ...query } : query);
};

Store.prototype.queryTableEntities = function (context, account, table, options, ...next) {
  const [, key] = /^\(?PartitionKey eq '((?:[^']|'')*)'(?: and (?!.* or ).*)?$/.exec(options.filter ?? "") ?? [];
  if (key === undefined) {
    return queryTableEntities.call(this, context, account, table, options, ...next);
  }
  const ofPartition = Object.create(this);
  ofPartition.getEntityCollection = (...which) => {
    const collection = this.getEntityCollection(...which);
    return { chain: () => collection.chain().find({ PartitionKey: key.replaceAll("''", "'") }) };
  };
  return queryTableEntities.call(ofPartition, context, account, table, options, ...next);
};

function rows(collection, key, value) {
  const [first, last] = collection.calculateRange("$eq", key, value);
  return last - first + 1;
}
