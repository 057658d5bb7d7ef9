namespace OmsWorkflows.Console.Tests;

/// <summary>Groups of tests, each with a machine and a browser of its own; inside of a group one test follows the other.</summary>
internal static class Grounds
{
    public const string Journeys = "Journeys";

    /// <summary>Money nobody claims takes two minutes to be unclaimed: these wait while the others run.</summary>
    public const string Money = "Money";

    public const string Rest = "The rest";
}

[CollectionDefinition(Grounds.Journeys)]
public sealed class JourneysGround : ICollectionFixture<Ground>;

[CollectionDefinition(Grounds.Money)]
public sealed class MoneyGround : ICollectionFixture<Ground>;

[CollectionDefinition(Grounds.Rest)]
public sealed class RestGround : ICollectionFixture<Ground>;
