using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Wallets;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Customers;

/// <summary>Create, read, change and list customers (docs/oms-api.md 4).</summary>
internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder api)
    {
        api.MapPost("/customers", async (HttpRequest request, World world, CustomerEditor editor) =>
        {
            var change = CustomerChange.Read(await JsonBody.ReadAsync(request), creating: true);
            lock (world.Gate)
                return Answer.Created(editor.Create(change).View(world.Wallets.Values));
        });
        api.MapGet("/customers/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(World.Find(world.Customers, id).View(world.Wallets.Values));
        });
        api.MapPatch("/customers/{id}", async (string id, HttpRequest request, World world, CustomerEditor editor) =>
        {
            var change = CustomerChange.Read(await JsonBody.ReadAsync(request), creating: false);
            lock (world.Gate)
            {
                var customer = World.Find(world.Customers, id);
                editor.Update(customer, change);
                return Answer.Ok(customer.View(world.Wallets.Values));
            }
        });
        api.MapGet("/customers", (HttpRequest request, World world) =>
        {
            var externalId = request.Query["externalId"].FirstOrDefault();
            lock (world.Gate)
            {
                var wanted = world.Customers.Values.Where(customer => externalId is null || customer.ExternalId == externalId);
                return Answer.Ok(Paging.Cut(wanted, request, customer => customer.View(world.Wallets.Values)));
            }
        });
    }
}

/// <summary>Creates and changes customers. Call it holding the world's gate.</summary>
internal sealed class CustomerEditor(
    World world, IdSource ids, SandboxClock clock, Evaluations evaluations, Decisions decisions, Announcer announcer)
{
    private static readonly string[] AskedForByDefault = [EndorsementNames.Basic, EndorsementNames.CryptoCustody, EndorsementNames.Usd];

    public Customer Create(CustomerChange change)
    {
        var customer = new Customer(ids.Next("cst"), clock.Now);
        Apply(customer, change, clock.Now);
        world.Customers.Add(customer.Id, customer);
        decisions.Created(customer);
        foreach (var account in ExternalAccount.Of(customer, ids, clock))
        {
            world.ExternalAccounts.Add(account.Id, account);
            announcer.ExternalAccountChanged(account, "created");
            account.Move("verified");
            announcer.ExternalAccountChanged(account, "verified");
        }
        evaluations.Request(customer, WithBasic(change.Endorsements ?? AskedForByDefault));
        return customer;
    }

    public void Update(Customer customer, CustomerChange change)
    {
        Apply(customer, change, clock.Now);
        customer.Touch(clock.Now);
        var supplied = change.SuppliedRequirements();
        customer.SuppliedSinceIssues.UnionWith(supplied);
        // A rejection is reviewed again only when the endorsement is named; what is short of something, when anything it needs is sent.
        var renewed = customer.Endorsements
            .Where(known => supplied.Count > 0 && (known.Status is EndorsementStatus.Issues or EndorsementStatus.RevokedIssues
                || (known.Status == EndorsementStatus.Active && change.TriggersReview)))
            .Select(known => known.Name);
        evaluations.Request(customer, [.. change.Endorsements is { Count: > 0 } named ? WithBasicIfNew(customer, named) : [], .. renewed]);
    }

    private static void Apply(Customer customer, CustomerChange change, DateTimeOffset now)
    {
        customer.FirstName = change.FirstName ?? customer.FirstName;
        customer.MiddleName = change.MiddleName ?? customer.MiddleName;
        customer.LastName = change.LastName ?? customer.LastName;
        customer.Email = change.Email ?? customer.Email;
        customer.Phone = change.Phone ?? customer.Phone;
        customer.Nationality = change.Nationality ?? customer.Nationality;
        customer.ExternalId = change.ExternalId ?? customer.ExternalId;
        customer.HasBirthDate |= change.HasBirthDate;
        customer.HasResidentialAddress |= change.HasResidentialAddress;
        customer.IdentityPapers.UnionWith(change.IdentityPapers);
        customer.Metadata = change.Metadata ?? customer.Metadata;
        // One-way: an agreement once given cannot be unset (docs/oms-api.md 4.1).
        if (change.SignedAgreement == true)
            customer.SignedAgreementAt ??= now;
    }

    private static IEnumerable<string> WithBasic(IReadOnlyList<string> names)
        => names.Count == 0 ? [] : names.Prepend(EndorsementNames.Basic);

    private static IEnumerable<string> WithBasicIfNew(Customer customer, IReadOnlyList<string> named)
        => customer.Endorsements.Any(known => known.Name == EndorsementNames.Basic) ? named : WithBasic(named);
}
