using System.Globalization;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox;

/// <summary>
/// Settings of the sandbox, read from <c>Sandbox:*</c>. Times are virtual (they pass when the clock under <c>/_sim</c> is advanced), except
/// <see cref="WebhookTimeout"/>. Defaults are those of docs/oms-api.md 7.3, 9.3, 11.
/// </summary>
public sealed class SandboxOptions
{
    /// <summary>The one API key that is accepted.</summary>
    public string ApiKey { get; set; } = "sk_sdbx_local";

    /// <summary>The secret that goes with <see cref="ApiKey"/>.</summary>
    public string ApiSecret { get; set; } = "local-sandbox";

    /// <summary>How long an access token lives.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>How long a deposit code can be paid.</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often run-out codes are marked expired; a code can be dead for that long before its status says so.</summary>
    public TimeSpan ExpirySweep { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>From a request for an endorsement to its decision.</summary>
    public TimeSpan EndorsementDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>From cash taken, or a payout accepted, to its completion.</summary>
    public TimeSpan ConversionDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>From a bank transfer sent to its arrival on a virtual account.</summary>
    public TimeSpan BankTransferDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long cash lies ready at a store.</summary>
    public TimeSpan PickupLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether virtual accounts can be opened and read through the API: early access (docs/oms-api.md 8.1).</summary>
    public bool EarlyAccess { get; set; } = true;

    /// <summary>The smallest and the largest single payout in USD.</summary>
    public decimal MinPayout { get; set; } = 1m;

    /// <inheritdoc cref="MinPayout"/>
    public decimal MaxPayout { get; set; } = 10_000m;

    /// <summary>How long a reference of a cash location can be used; null for ever.</summary>
    public TimeSpan? LocationReferenceLifetime { get; set; }

    /// <summary>How long a quote can be accepted.</summary>
    public TimeSpan QuoteLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an idempotency key is remembered.</summary>
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>From a change to the first attempt to tell it.</summary>
    public TimeSpan FirstWebhookDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The waits before each attempt, counted from the attempt before; the first is <see cref="FirstWebhookDelay"/> and stands for itself.
    /// A list, or one text with commas.
    /// </summary>
    public IReadOnlyList<TimeSpan> RetrySchedule { get; set; } = DefaultRetrySchedule;

    /// <summary>Each retry wait is changed at random by up to this part of it.</summary>
    public double RetryJitter { get; set; } = 0.1;

    /// <summary>How long a receiver may take to answer, in real time.</summary>
    public TimeSpan WebhookTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The version that is played: the prefix of the paths, the names of events (docs/oms-api.md 9.4), and the states only a later version
    /// has.
    /// </summary>
    public string ApiVersion { get; set; } = "v0.9";

    internal bool IsLater => ApiVersion == "v0.11";

    /// <summary>Which bytes of the secret sign a webhook.</summary>
    public WebhookKeyMode SignatureKey { get; set; } = WebhookKeyMode.WholeString;

    /// <summary>Calls per second and key; 0 switches the limit off.</summary>
    public int RateLimit { get; set; } = 100;

    /// <summary>How often one cash-in may be refreshed; null for no limit.</summary>
    public int? MaxRefreshes { get; set; }

    /// <summary>How many unpaid codes a customer may have; one more kills the oldest. Null for no limit (docs/oms-api.md 10.1).</summary>
    public int? MaxOpenCodes { get; set; }

    /// <summary>
    /// Ids follow from it. Null picks one at start, so that ids of two runs never collide in a store that outlives the sandbox.
    /// </summary>
    public int? Seed { get; set; }

    private static IReadOnlyList<TimeSpan> DefaultRetrySchedule { get; } =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(8), TimeSpan.FromHours(20), TimeSpan.FromHours(36),
    ];

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is out of range; the message names it.</exception>
    internal static SandboxOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sandbox");
        // Bound by hand: the binder would add to the default list instead of replacing it.
        var schedule = section.GetSection(nameof(RetrySchedule));
        var texts = schedule.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? [.. schedule.GetChildren().Select(child => child.Value!)];
        var options = new SandboxOptions { RetrySchedule = [] };
        section.Bind(options);
        options.RetrySchedule = texts.Length == 0
            ? DefaultRetrySchedule
            : [.. texts.Select(text => TimeSpan.Parse(text, CultureInfo.InvariantCulture))];
        options.Check();
        return options;
    }

    private void Check()
    {
        Require(ApiKey.Length > 0 && ApiSecret.Length > 0, "Sandbox:ApiKey and Sandbox:ApiSecret must not be empty.");
        Require(CodeLifetime > TimeSpan.Zero, "Sandbox:CodeLifetime must be positive.");
        Require(TokenLifetime > TimeSpan.Zero, "Sandbox:TokenLifetime must be positive.");
        Require(QuoteLifetime > TimeSpan.Zero, "Sandbox:QuoteLifetime must be positive.");
        Require(WebhookTimeout > TimeSpan.Zero, "Sandbox:WebhookTimeout must be positive.");
        Require(PickupLifetime > TimeSpan.Zero, "Sandbox:PickupLifetime must be positive.");
        Require(
            LocationReferenceLifetime is null || LocationReferenceLifetime > TimeSpan.Zero,
            "Sandbox:LocationReferenceLifetime must be positive.");
        Require(MinPayout > 0 && MaxPayout >= MinPayout, "Sandbox:MinPayout must be positive and not above Sandbox:MaxPayout.");
        Require(
            new[] { ExpirySweep, EndorsementDelay, ConversionDelay, BankTransferDelay, FirstWebhookDelay }.Min() >= TimeSpan.Zero,
            "The times under Sandbox: must not be negative.");
        Require(RetryJitter is >= 0 and < 1, "Sandbox:RetryJitter must be at least 0 and below 1.");
        Require(ApiVersion is "v0.9" or "v0.11", "Sandbox:ApiVersion must be v0.9 or v0.11.");
        Require(RateLimit >= 0, "Sandbox:RateLimit must not be negative.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new InvalidOperationException(message);
    }
}
