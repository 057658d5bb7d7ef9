using System.Text.Encodings.Web;
using System.Text.Json;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>The lines to paste into a shell.</summary>
internal static class TryByHand
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(Machine machine) =>
        $$"""
        The app      {{machine.App.Url}}/api    (function key {{machine.App.FunctionKey}}, master key {{machine.App.MasterKey}})
        OMS sandbox  {{machine.Sandbox.Url}}/    (what can be done there)
        Logs         {{machine.Folder}}

        Drive another cash-in by hand (paste line by line):

        APP={{machine.App.Url}}/api; OMS={{machine.Sandbox.Url}}; KEY="x-functions-key: {{machine.App.FunctionKey}}"; JSON="Content-Type: application/json"

        # start it; the same Idempotency-Key again answers the same cash-in
        ID=$(curl -s $APP/cash-ins -H "$KEY" -H "$JSON" -H "Idempotency-Key: by-hand-$RANDOM" -d '{{Story.CashIn("user-by-hand").ToJsonString(Readable)}}' | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4); echo $ID

        # read it: phase, what is awaited, until when, what happens then
        curl -s $APP/cash-ins/$ID -H "$KEY"; echo

        # let the code run out: wait, or put the sandbox's clock forward
        curl -s $OMS/_sim/clock -H "$JSON" -d '{"advance":"00:01:00"}'; echo

        # a new code
        curl -s -X POST $APP/cash-ins/$ID/refresh -H "$KEY"; echo

        # pay at the till, with the code that holds now
        CODE=$(curl -s $APP/cash-ins/$ID -H "$KEY" | grep -o '"code":"[^"]*"' | head -n 1 | cut -d '"' -f 4); echo "$CODE"
        curl -s $OMS/_sim/cash -H "$JSON" -d "{\"code\":\"$CODE\",\"amount\":\"120.00\"}"; echo

        # or call it off before anybody paid
        curl -s -X POST $APP/cash-ins/$ID/cancel -H "$KEY"; echo

        Ctrl-C ends everything.
        """;
}
