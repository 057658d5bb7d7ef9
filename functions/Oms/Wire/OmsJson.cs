using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// How OMS's JSON is read and written (docs/oms-api.md 1): camelCase, members nobody uses may have any form and depth, one that is used may
/// not come twice, nothing null is sent.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    AllowDuplicateProperties = false,
    MaxDepth = JsonBytes.MaxDepth,
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
[JsonSerializable(typeof(VirtualAccount))]
[JsonSerializable(typeof(VirtualAccountRequest))]
[JsonSerializable(typeof(OmsPage<VirtualAccount>))]
[JsonSerializable(typeof(OmsPage<ExternalAccount>))]
public sealed partial class OmsJson : JsonSerializerContext;
