namespace OmsWorkflows.Local.FunctionsHost.Functions;

/// <summary>The bindings this host serves.</summary>
internal static class BindingTypes
{
    public const string HttpTrigger = "httpTrigger";
    public const string Http = "http";
    public const string TimerTrigger = "timerTrigger";
    public const string OrchestrationTrigger = "orchestrationTrigger";
    public const string ActivityTrigger = "activityTrigger";
    public const string EntityTrigger = "entityTrigger";
    public const string DurableClient = "durableClient";

    public static readonly string[] Triggers = [HttpTrigger, TimerTrigger, OrchestrationTrigger, ActivityTrigger, EntityTrigger];

    public static readonly string[] Others = [Http, DurableClient];
}
