using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// How OMS's JSON is read and written (docs/oms-api.md 1): camelCase, unknown members skipped, nothing null is sent. For whoever reads an
/// OMS object that did not come through the client, such as the <c>data</c> of a webhook.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    Converters = [typeof(MoneyConverter), typeof(TimestampConverter), typeof(MetadataConverter)])]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(CustomerRequest))]
[JsonSerializable(typeof(CustomerUpdate))]
[JsonSerializable(typeof(Wallet))]
[JsonSerializable(typeof(WalletRequest))]
[JsonSerializable(typeof(CashIn))]
[JsonSerializable(typeof(CashInRequest))]
[JsonSerializable(typeof(Quote))]
[JsonSerializable(typeof(QuoteRequest))]
[JsonSerializable(typeof(Transaction))]
[JsonSerializable(typeof(TransactionRequest))]
[JsonSerializable(typeof(WebhookEndpoint))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(WebhookUpdate))]
[JsonSerializable(typeof(OmsPage<Customer>))]
[JsonSerializable(typeof(OmsPage<Wallet>))]
[JsonSerializable(typeof(OmsPage<CashLocation>))]
[JsonSerializable(typeof(OmsPage<CashIn>))]
[JsonSerializable(typeof(OmsPage<Transaction>))]
[JsonSerializable(typeof(OmsPage<WebhookEndpoint>))]
public sealed partial class OmsJson : JsonSerializerContext;
