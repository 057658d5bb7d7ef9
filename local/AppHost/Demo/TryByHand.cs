using System.Text.Encodings.Web;
using System.Text.Json;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Where to look, and the lines to paste into a shell.</summary>
internal static class TryByHand
{
    private const string FirstId = """grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4""";
    private const string FirstCode = """grep -o '"code":"[^"]*"' | head -n 1 | cut -d '"' -f 4""";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Body => Story.CashIn("user-by-hand").ToJsonString(Readable);

    public static string Text(Places places)
        => $$"""

           Dashboard    {{places.Dashboard?.ToString() ?? "does not run"}}
                        traces from the HTTP call to the settlement, logs, metrics;
                        on "oms": hand over cash, move the clock, lose a webhook;
                        on "team": its log is what a system of yours is told, as it comes
           Console      {{places.Console}}    it asks for a key: {{places.Keys.Function}}
           OMS sandbox  {{places.Sandbox}}/    the till and what can go wrong at OMS
           Logs         {{places.Logs}}

           Drive another cash-in by hand (paste line by line):

           APP={{places.App}}; OMS={{places.Sandbox}}; KEY={{places.Keys.Function}}; JSON="Content-Type: application/json"

           # start it; the same Idempotency-Key again answers the same cash-in
           BODY='{{Body}}'
           START=$(curl -s $APP/api/cash-ins -H "x-functions-key: $KEY" -H "$JSON" -H "Idempotency-Key: by-hand-$RANDOM" -d "$BODY")
           ID=$(echo "$START" | {{FirstId}}); echo $ID

           # read it: phase, what is awaited, until when, what happens then
           curl -s $APP/api/cash-ins/$ID -H "x-functions-key: $KEY"; echo

           # let the code run out: wait, or put the sandbox's clock forward
           curl -s $OMS/_sim/clock -H "$JSON" -d '{"advance":"00:01:00"}'; echo

           # a new code
           curl -s -X POST $APP/api/cash-ins/$ID/refresh -H "x-functions-key: $KEY"; echo

           # pay at the till, with the code that holds now
           CODE=$(curl -s $APP/api/cash-ins/$ID -H "x-functions-key: $KEY" | {{FirstCode}}); echo "$CODE"
           curl -s $OMS/_sim/cash -H "$JSON" -d "{\"code\":\"$CODE\",\"amount\":\"{{Story.PaidAmount}}\"}"; echo

           # or call it off before anybody paid
           curl -s -X POST $APP/api/cash-ins/$ID/cancel -H "x-functions-key: $KEY"; echo

           Master key: {{places.Keys.Master}}. Ctrl-C ends everything.
           """;
}
