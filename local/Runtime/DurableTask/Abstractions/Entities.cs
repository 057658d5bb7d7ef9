namespace Microsoft.DurableTask.Entities
{
    /// <summary>Durable entities in an orchestration. This runtime has none: asking for them throws.</summary>
    public abstract class TaskOrchestrationEntityFeature
    {
    }
}

namespace Microsoft.DurableTask.Client.Entities
{
    /// <summary>Durable entities for a client. This runtime has none: asking for them throws.</summary>
    public abstract class DurableEntityClient
    {
        /// <summary>Creates the client.</summary>
        /// <param name="name">Its name.</param>
        protected DurableEntityClient(string name)
        {
            Name = name;
        }

        /// <summary>Its name.</summary>
        public string Name { get; }
    }
}
