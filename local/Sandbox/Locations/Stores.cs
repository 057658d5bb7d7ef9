namespace OmsWorkflows.Local.Sandbox.Locations;

/// <summary>The stores the sandbox knows. Made up; the ids never change, so that a location taken down earlier stays good.</summary>
internal static class Stores
{
    private const decimal Usual = 500m;
    private const decimal Large = 1000m;

    public static IReadOnlyList<CashLocation> All { get; } =
    [
        new(
            "loc_01kt7jrjg0e06rpqhmwpy88dhr", "greendot", "4211", "Corner Pharmacy #4211",
            "75 W 23rd St", "New York", "NY", "10010", "US", new(40.7412, -73.9897), Usual),
        new(
            "loc_01kt7jrjg0fbmbvx0258qwrngd", "greendot", "118", "Big Box Store #118",
            "517 E 117th St", "New York", "NY", "10035", "US", new(40.7955, -73.9309), Large),
        new(
            "loc_01kt7jrjg1e5c8b0m3v6y9z2qa", "greendot", "4217", "Corner Pharmacy #4217",
            "300 Park Ave S", "New York", "NY", "10010", "US", new(40.7398, -73.9866), Usual),
        new(
            "loc_01kt7jrjg1f7x2k4n8p0s5t9wb", "greendot", "2044", "Drug Mart #2044",
            "138 Montague St", "Brooklyn", "NY", "11201", "US", new(40.6944, -73.9934), Usual),
        new(
            "loc_01kt7jrjg2e1d3g5j7m9q2v4xc", "greendot", "731", "Corner Pharmacy #731",
            "1 N State St", "Chicago", "IL", "60602", "US", new(41.8823, -87.6278), Usual),
        new(
            "loc_01kt7jrjg2f6h8k0n2r4t6w8yd", "greendot", "902", "Big Box Store #902",
            "4650 W North Ave", "Chicago", "IL", "60639", "US", new(41.9097, -87.7436), Large),
        new(
            "loc_01kt7jrjg3e9z7x5v3s1q9n7me", "greendot", "1550", "Corner Pharmacy #1550",
            "210 W 7th St", "Los Angeles", "CA", "90014", "US", new(34.0458, -118.2537), Usual),
        new(
            "loc_01kt7jrjg3f2b4d6g8j0m2p4sf", "greendot", "1612", "Drug Mart #1612",
            "730 Market St", "San Francisco", "CA", "94102", "US", new(37.7869, -122.4045), Usual),
        new(
            "loc_01kt7jrjg4e5w3t1r9p7n5k3hg", "greendot", "3308", "Corner Pharmacy #3308",
            "900 Main St", "Houston", "TX", "77002", "US", new(29.7582, -95.3638), Usual),
        new(
            "loc_01kt7jrjg4f8c0e2h4k6n8r0th", "greendot", "3391", "Drug Mart #3391",
            "1 SE 3rd Ave", "Miami", "FL", "33131", "US", new(25.7739, -80.1903), Usual),
        new(
            "loc_01kt7jrjg5e4v6y8a0c2e4g6jj", "oxxo", "50211", "Tienda Centro #50211",
            "Av. Juarez 14", "Ciudad de Mexico", "CDMX", "06050", "MX", new(19.4346, -99.1470), Usual),
    ];

    public static CashLocation? Find(string id) => All.FirstOrDefault(store => store.Id == id);
}
