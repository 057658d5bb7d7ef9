using System.Diagnostics;

namespace DurableTask.Sqlite.Tests.Storage;

public sealed class StoreOpeningTests
{
    [Fact]
    public async Task A_second_owner_is_refused_with_the_file_the_owner_and_what_to_do()
    {
        await using var first = await new Hub().StartAsync();
        using var second = new SqliteOrchestrationService(first.Options);

        var start = second.StartAsync;

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message
            .Should().Contain(first.DatabasePath).And.Contain("in use by another process")
            .And.Contain("Stop that process").And.NotContain("\n");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        await using var hub = new Hub();
        var text = string.Concat(Enumerable.Repeat("this is not a database. ", 500));
        await File.WriteAllTextAsync(hub.DatabasePath, text, TestContext.Current.CancellationToken);

        var start = hub.StartAsync;

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message.Should().Contain("not a database, or is damaged");
        (await File.ReadAllTextAsync(hub.DatabasePath, TestContext.Current.CancellationToken)).Should().Be(text);
    }

    [Fact]
    public async Task A_damaged_page_is_refused_and_left_as_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("dt-sqlite-");
        string path;
        await using (var hub = await new Hub(folder: folder).Orchestration("Echo", (_, input) => Task.FromResult(input)).StartAsync())
        {
            path = hub.DatabasePath;
            await hub.RunAsync("Echo", "x");
        }

        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes.AsSpan(4_096, 8_192).Fill(0xA5);
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        await using (var hub = new Hub(folder: folder))
        {
            var start = hub.StartAsync;

            (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message.Should().Contain("damaged").And.Contain(path);
        }

        (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Should().Equal(bytes);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_database_of_a_newer_provider_is_refused_and_left_as_it_is()
    {
        await using var hub = new Hub();
        using (var service = new SqliteOrchestrationService(hub.Options))
        {
            await service.CreateAsync();
        }

        Sql.Execute(hub.DatabasePath, "PRAGMA user_version = 99");
        var bytes = await File.ReadAllBytesAsync(hub.DatabasePath, TestContext.Current.CancellationToken);

        var start = hub.StartAsync;

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message
            .Should().Contain("schema version 99").And.Contain("newer program");
        (await File.ReadAllBytesAsync(hub.DatabasePath, TestContext.Current.CancellationToken)).Should().Equal(bytes);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await using var hub = new Hub();
        Sql.Execute(hub.DatabasePath, "CREATE TABLE theirs (id INTEGER)");

        var start = hub.StartAsync;

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message.Should().Contain("another program");
    }

    [Fact]
    public async Task A_refused_start_gives_the_file_back()
    {
        await using var hub = new Hub();
        await File.WriteAllTextAsync(hub.DatabasePath, new string('x', 5_000), TestContext.Current.CancellationToken);
        var open = () => hub.Service.CreateAsync();
        await open.Should().ThrowAsync<SqliteStoreException>();

        File.Delete(hub.DatabasePath);

        await open.Should().NotThrowAsync();
    }

    [Fact]
    public async Task The_schema_has_a_version_and_says_when_it_was_made()
    {
        await using var hub = await new Hub().StartAsync();

        Sql.Number(hub.DatabasePath, "PRAGMA user_version").Should().Be(1);
        Sql.Number(hub.DatabasePath, "SELECT count(*) FROM migrations WHERE version = 1 AND applied LIKE '20%'").Should().Be(1);
    }

    [Fact]
    public async Task The_files_are_for_their_owner_only()
    {
        await using var hub = await new Hub().Orchestration("Echo", (_, input) => Task.FromResult(input)).StartAsync();
        await hub.RunAsync("Echo", "x");

        foreach (var suffix in new[] { string.Empty, "-wal", "-shm", ".lock" })
        {
            var mode = OperatingSystem.IsWindows()
                ? UnixFileMode.UserRead | UnixFileMode.UserWrite
                : File.GetUnixFileMode(hub.DatabasePath + suffix);
            mode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, suffix);
        }
    }

    [Theory]
    [InlineData("/proc/durable.db")]
    [InlineData("/dev/null/durable.db")]
    public async Task A_folder_that_cannot_be_written_is_refused_in_one_line(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These paths are Linux's.");
        await using var hub = new Hub(options => options.DatabasePath = path);

        var start = hub.StartAsync;

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message.Should().Contain(path).And.NotContain("\n");
    }

    [Fact]
    public async Task A_database_that_is_a_folder_is_refused_in_one_line()
    {
        await using var hub = new Hub();
        Directory.CreateDirectory(hub.DatabasePath);

        var start = hub.StartAsync;

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message.Should().Contain(hub.DatabasePath).And.NotContain("\n");
    }

    [Fact]
    public async Task When_the_disk_is_full_the_client_is_told_and_nothing_is_lost()
    {
        await using var hub = await new Hub().Orchestration("Echo", (_, input) => Task.FromResult(input)).StartAsync();
        await hub.RunAsync("Echo", "x", "before");
        await LimitAsync(hub, pages: 40);

        var start = () => hub.BeginAsync("Echo", new string('x', 4_000_000), "full");

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message
            .Should().Contain(hub.DatabasePath).And.Contain("full").And.NotContain("\n");
        await LimitAsync(hub, pages: 1_000_000);
        (await hub.RunAsync("Echo", "y", "after")).Should().Be("y");
        hub.Service.FindState("before", true)!.Output.Should().Be("\"x\"");
    }

    [Fact]
    public async Task A_database_of_a_hundred_thousand_waiting_instances_opens_without_reading_them()
    {
        const int many = 100_000;
        var folder = Directory.CreateTempSubdirectory("dt-sqlite-");
        var due = new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        await using (var hub = new Hub(folder: folder))
        {
            await hub.Service.CreateAsync();
            await hub.BeginAsync("Echo", "x", "template");
        }

        var path = Path.Combine(folder.FullName, "durable.db");
        Sql.Execute(path, "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < " + (many + 9) + ") "
            + "INSERT INTO instances SELECT i, 'w' || i, 'e', 'Echo', '', 0, 1, i, i, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM n");
        Sql.Execute(
            path, $"INSERT INTO timers SELECT key, key, {due} + key, 0, (SELECT message FROM inbox) FROM instances WHERE key >= 10");
        var watch = Stopwatch.StartNew();
        await using (var hub = await new Hub(folder: folder).Orchestration("Echo", (_, input) => Task.FromResult(input)).StartAsync())
        {
            watch.Stop();
            (await hub.EndAsync(new Core.OrchestrationInstance { InstanceId = "template" })).Should().Be("x");

            watch.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(1));
            hub.Service.InstancesInMemory.Should().BeLessThan(10);
            hub.Service.NextTimerAt!.Value.Year.Should().Be(2040);
        }

        folder.Delete(recursive: true);
    }

    private static Task LimitAsync(Hub hub, int pages)
        => hub.Service.Store.Writer.WriteAsync((db, _) => db.Db.Number($"PRAGMA max_page_count = {pages}"));
}
