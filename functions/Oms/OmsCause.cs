namespace OmsWorkflows.Oms;

/// <summary>
/// Why a call got no answer that counts. Texts, not an enumeration: they enter histories that later versions have to read.
/// </summary>
public static class OmsCause
{
    /// <summary>No whole answer within the time limit, the body included.</summary>
    public const string TimeOut = "time_out";

    /// <summary>The connection broke after the request was sent.</summary>
    public const string ConnectionLost = "connection_lost";

    /// <summary>No connection came about: name, route, port or certificate.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>OMS, or a gateway before it, answered 5xx.</summary>
    public const string ServerError = "server_error";

    /// <summary>429: too many calls.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>408, 425, or a conflict that passes, such as <c>idempotency_in_progress</c>.</summary>
    public const string TryLater = "try_later";

    /// <summary>A status other than success, without OMS's own error form: a gateway's, a firewall's or a portal's page.</summary>
    public const string GatewayPage = "gateway_page";

    /// <summary>OMS's error form with a code that no documented refusal has, under a status that says too little.</summary>
    public const string UnclearRefusal = "unclear_refusal";

    /// <summary>A success whose body is not what was asked for.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A list that goes on and on.</summary>
    public const string EndlessList = "endless_list";

    /// <summary>OMS did not take the API key, or a fresh access token.</summary>
    public const string CredentialsRefused = "credentials_refused";

    /// <summary>The call was not made: too many failed just before.</summary>
    public const string CircuitOpen = "circuit_open";
}
