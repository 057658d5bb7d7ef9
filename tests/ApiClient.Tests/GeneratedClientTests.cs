using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using OmsWorkflows.ApiClient.Models;
using OmsWorkflows.Machines;

namespace OmsWorkflows.ApiClient.Tests;

/// <summary>A client generated from docs/openapi.json, and nothing else, is enough to use the app.</summary>
public sealed class GeneratedClientTests(GeneratedClientTests.Ground ground) : IClassFixture<GeneratedClientTests.Ground>, IDisposable
{
    private readonly HttpClientRequestAdapter _adapter = new(
        new AnonymousAuthenticationProvider(), httpClient: WithKey(ground.Machine.App.FunctionKey))
    {
        BaseUrl = ground.Machine.App.Url,
    };

    public sealed class Ground : LocalMachine;

    private OmsWorkflowsClient Client => new(_adapter);

    [Fact]
    public async Task CashIn_FromStartToBookedMoney()
    {
        var booked = await CashInAsync();

        booked.Settlement!.Net.Should().Be("117.70");
        booked.Ended.Should().BeTrue();
        booked.Links!.AdditionalData.Should().ContainKey("self");
    }

    [Fact]
    public async Task Payout_FromThePriceToTheBank()
    {
        var booked = await CashInAsync();
        var order = new StartPayoutRequest
        {
            CustomerId = booked.CustomerId,
            WalletId = booked.Wallet!.Id,
            ExternalAccountId = await ground.Sandbox.BankAccountAsync(booked.CustomerId!),
            Send = "25.00",
        };

        var started = await Client.Api.Payouts.PostAsync(order, Once, Cancellation);
        var payout = Client.Api.Payouts[started!.Id!];
        var priced = await UntilAsync(
            token => payout.GetAsync(cancellationToken: token), journey => journey.Phase == JourneyPhase.AwaitingConfirmation);
        await payout.Confirm.PostAsync(new ConfirmPayoutRequest { QuoteId = priced.Quote!.Id }, cancellationToken: Cancellation);
        var landed = await UntilAsync(
            token => payout.GetAsync(cancellationToken: token), journey => journey.Phase == JourneyPhase.Completed);

        landed.Payout!.Received.Should().Be("24.75");
    }

    [Fact]
    public async Task WrongBody_ComesBackAsAProblemThatNamesTheField()
    {
        var start = () => Client.Api.CashIns.PostAsync(new StartCashInRequest { CustomerId = "nobody" }, Once, Cancellation);

        var problem = (await start.Should().ThrowAsync<Problem>()).Which;

        problem.Status.Should().Be(400);
        problem.Type.Should().Be("urn:oms-workflows:problem:validation");
        problem.Errors!.AdditionalData.Keys.Should().Contain("location");
    }

    public void Dispose() => _adapter.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The client's own way to send a key asks for https, which the local host does not speak.</summary>
    private static HttpClient WithKey(string key)
    {
        var http = KiotaClientFactory.Create();
        http.DefaultRequestHeaders.Add("x-functions-key", key);
        return http;
    }

    private static void Once<T>(RequestConfiguration<T> request)
        where T : class, new()
        => request.Headers.Add("Idempotency-Key", $"{Guid.NewGuid():N}");

    private async Task<Journey> CashInAsync()
    {
        var body = new StartCashInRequest
        {
            Applicant = new Applicant
            {
                FirstName = "Ana",
                LastName = "Reyes",
                Email = "ana.reyes@example.test",
                Phone = "+12125550142",
                BirthDate = new Date(1988, 11, 2),
                Nationality = "US",
                ExternalId = $"user-{Guid.NewGuid():N}",
                SignedAgreement = true,
                ResidentialAddress = new ApplicantAddress
                {
                    Line1 = "410 W 24th St",
                    City = "New York",
                    State = "NY",
                    Country = "US",
                    ZipCode = "10011",
                },
                IdentifyingInformation = [new ApplicantIdentity { Type = "ssn", IssuingCountry = "US", Number = "900-00-0001" }],
            },
            Location = new StoreLocation { Provider = "greendot", Latitude = "40.7412", Longitude = "-73.9897" },
            IndicatedAmount = "100.00",
        };
        var started = await Client.Api.CashIns.PostAsync(body, Once, Cancellation);
        var cashIn = Client.Api.CashIns[started!.Id!];
        var waiting = await UntilAsync(
            token => cashIn.GetAsync(cancellationToken: token), journey => journey.Phase == JourneyPhase.AwaitingDeposit);
        (await ground.Till.PayAsync(waiting.Deposit!.Code!, 120m, Cancellation)).Should().Be("00");
        return await UntilAsync(token => cashIn.GetAsync(cancellationToken: token), journey => journey.Phase == JourneyPhase.Completed);
    }

    private static async Task<Journey> UntilAsync(Func<CancellationToken, Task<Journey?>> read, Func<Journey, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limits.Wait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var journey = await read(limit.Token);
            if (wanted(journey!))
                return journey!;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
