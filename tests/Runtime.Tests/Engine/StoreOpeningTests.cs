using Microsoft.Data.Sqlite;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class StoreOpeningTests
{
    [Fact]
    public async Task A_second_owner_is_refused_with_the_file_and_what_to_do()
    {
        await using var first = await EngineFixture.StartAsync(_ => { });
        await using var second = new EngineFixture(_ => { }, options => options.DatabasePath = first.DatabasePath);

        var start = second.StartAsync;

        (await start.Should().ThrowAsync<StoreException>()).Which.Message
            .Should().Contain(first.DatabasePath).And.Contain("in use by another process");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        await using var engine = new EngineFixture(_ => { });
        var text = string.Concat(Enumerable.Repeat("this is not a database. ", 500));
        await File.WriteAllTextAsync(engine.DatabasePath, text);

        var start = engine.StartAsync;

        (await start.Should().ThrowAsync<StoreException>()).Which.Message.Should().Contain("not a database, or is damaged");
        (await File.ReadAllTextAsync(engine.DatabasePath)).Should().Be(text);
    }

    [Fact]
    public async Task A_damaged_page_is_refused_and_left_as_it_is()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n));
        await engine.Run("same", 1);
        await engine.StopAsync();
        var bytes = await File.ReadAllBytesAsync(engine.DatabasePath);
        bytes.AsSpan(4_096, 8_192).Fill(0xA5);
        await File.WriteAllBytesAsync(engine.DatabasePath, bytes);

        var start = engine.StartAsync;

        (await start.Should().ThrowAsync<StoreException>()).Which.Message.Should().Contain("damaged");
        (await File.ReadAllBytesAsync(engine.DatabasePath)).Should().Equal(bytes);
    }

    [Fact]
    public async Task A_database_of_a_newer_engine_is_refused_and_left_as_it_is()
    {
        await using var engine = await EngineFixture.StartAsync(_ => { });
        await engine.StopAsync();
        Execute(engine.DatabasePath, "PRAGMA user_version = 99");
        var bytes = await File.ReadAllBytesAsync(engine.DatabasePath);

        var start = engine.StartAsync;

        (await start.Should().ThrowAsync<StoreException>()).Which.Message.Should().Contain("schema version 99");
        (await File.ReadAllBytesAsync(engine.DatabasePath)).Should().Equal(bytes);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await using var engine = new EngineFixture(_ => { });
        Execute(engine.DatabasePath, "CREATE TABLE theirs (id INTEGER)");

        var start = engine.StartAsync;

        (await start.Should().ThrowAsync<StoreException>()).Which.Message.Should().Contain("another program");
    }

    [Fact]
    public async Task A_refused_start_gives_the_file_back()
    {
        await using var engine = new EngineFixture(_ => { });
        await File.WriteAllTextAsync(engine.DatabasePath, new string('x', 5_000));
        var start = engine.StartAsync;
        await start.Should().ThrowAsync<StoreException>();

        File.Delete(engine.DatabasePath);

        await start.Should().NotThrowAsync();
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
