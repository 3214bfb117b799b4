package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.exchange.Exchange;
import io.fluxcore.infrastructure.embedded.exchange.ForwardExchange;
import io.fluxcore.infrastructure.embedded.exchange.KeyExchange;
import io.fluxcore.infrastructure.embedded.exchange.Lane;
import io.fluxcore.infrastructure.embedded.exchange.RebalanceExchange;
import io.fluxcore.infrastructure.embedded.task.FailureSettings;
import io.fluxcore.infrastructure.embedded.task.PolicyFailures;
import io.fluxcore.infrastructure.embedded.task.SharedEventTime;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.StageTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import io.fluxcore.infrastructure.embedded.task.TaskCalls;
import io.fluxcore.infrastructure.embedded.task.TaskControl;
import io.fluxcore.infrastructure.embedded.task.TaskEvents;
import io.fluxcore.infrastructure.embedded.task.TaskOperators;
import io.fluxcore.infrastructure.embedded.task.TaskSettings;
import io.fluxcore.infrastructure.embedded.task.TaskWiring;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One attempt to run a job: its tasks with their threads, channels and exchanges. */
final class Attempt {
  private static final System.Logger LOG = System.getLogger(Attempt.class.getName());

  /** A cancelled task may end by itself for this long; then its thread is interrupted. */
  private static final long GRACE_MILLIS = 20;

  private static final long INTERRUPT_EVERY_MILLIS = 100;
  private static final int ROUNDS_BEFORE_WARNING = 300;

  private final JobSetting job;
  private final ExecutionPlan plan;
  private final TaskSettings settings;
  private final TaskEvents events;
  private final List<Task> tasks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, SinkCommits.Committing> committing = new LinkedHashMap<>();
  private final Map<String, SplitPlan> splits = new LinkedHashMap<>();
  private final List<EdgeChannels> edges = new ArrayList<>();
  private final FailureSettings failures;
  private final boolean[] rereads;
  private final Set<Task> opened = new HashSet<>();
  private final Set<Task> arrived = new HashSet<>();

  /** The channels of an edge. */
  record EdgeChannels(PlannedEdge edge, List<Channel> channels) {}

  /** The input channels and the outgoing exchanges of one subtask while it is wired. */
  private static final class Wiring {
    final TaskControl control;
    final StageTask.Inputs inputs = new StageTask.Inputs();
    final List<Exchange> exchanges = new ArrayList<>();

    Wiring(PlannedStage stage, long checkpoint) {
      PlannedSource source = stage.source();
      control = new TaskControl(source == null ? "" : source.operatorId(), checkpoint);
    }
  }

  /**
   * Makes the tasks, without starting them. Calls factories of operators, but touches nothing
   * outside.
   */
  Attempt(
      JobSetting job,
      @Nullable JobSnapshot from,
      LongFunction<SnapshotFormat> formats,
      TaskEvents events) {
    this.job = job;
    this.plan = job.plan();
    this.events = events;
    this.settings =
        new TaskSettings(
            job.clock(),
            job.config().batchRows(),
            job.config().linger().toNanos(),
            job.config().watermarkInterval().toNanos(),
            job.checkpoints()::nextId,
            formats,
            new SharedEventTime(),
            from == null ? Map.of() : from.operators());
    this.failures =
        new FailureSettings(job.jobId(), job.config().name(), job.deadLetters(), job.clock());
    this.rereads = rereads();
    List<List<Wiring>> wirings = wire(from == null ? 0 : from.checkpointId());
    for (PlannedStage stage : plan.stages()) {
      for (int subtask = 0; subtask < stage.parallelism(); subtask++) {
        tasks.add(task(stage, subtask, wirings.get(stage.number()).get(subtask)));
      }
    }
  }

  /** For each stage, whether all sources that reach it read again after a restart. */
  private boolean[] rereads() {
    boolean[] all = new boolean[plan.stages().size()];
    for (PlannedStage stage : plan.stages()) {
      PlannedSource source = stage.source();
      all[stage.number()] = source == null || source.replayable();
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (PlannedEdge edge : plan.edges()) {
        if (!all[edge.from()] && all[edge.to()]) {
          all[edge.to()] = false;
          changed = true;
        }
      }
    }
    return all;
  }

  /** By stage number and subtask. */
  private List<List<Wiring>> wire(long checkpoint) {
    List<List<Wiring>> wirings = new ArrayList<>();
    for (PlannedStage stage : plan.stages()) {
      List<Wiring> ofStage = new ArrayList<>();
      for (int subtask = 0; subtask < stage.parallelism(); subtask++) {
        ofStage.add(new Wiring(stage, checkpoint));
      }
      wirings.add(ofStage);
    }
    for (PlannedEdge edge : plan.edges()) {
      wire(edge, wirings.get(edge.from()), wirings.get(edge.to()));
    }
    return wirings;
  }

  private void wire(PlannedEdge edge, List<Wiring> senders, List<Wiring> receivers) {
    boolean forward = edge.partitioning() instanceof Partitioning.Forward;
    if (forward && senders.size() != receivers.size()) {
      throw new IllegalArgumentException(
          "a forward edge from " + senders.size() + " to " + receivers.size() + " subtasks");
    }
    List<Channel> channels = new ArrayList<>();
    for (int s = 0; s < senders.size(); s++) {
      Wiring sender = senders.get(s);
      List<Lane> lanes = new ArrayList<>();
      for (int r = forward ? s : 0; r < (forward ? s + 1 : receivers.size()); r++) {
        lanes.add(lane(edge, sender, receivers.get(r), r, receivers.size(), channels));
      }
      sender.exchanges.add(exchange(edge.partitioning(), lanes, s));
    }
    edges.add(new EdgeChannels(edge, channels));
  }

  private Lane lane(
      PlannedEdge edge,
      Wiring sender,
      Wiring receiver,
      int number,
      int receivers,
      List<Channel> channels) {
    Channel channel =
        new Channel(
            job.settings().channelBytes(), sender.control.signal(), receiver.control.signal());
    channels.add(channel);
    boolean keyed = edge.partitioning() instanceof Partitioning.ByKey;
    receiver.inputs.add(channel, edge.node(), edge.input(), keyed);
    int rows = job.config().batchRows();
    if (!keyed) {
      return new Lane(channel, sender.control.blocker(), rows, -1, -1);
    }
    KeyGroupRange range = KeyGroups.range(number, job.config().maxParallelism(), receivers);
    return new Lane(channel, sender.control.blocker(), rows, range.first(), range.last());
  }

  private Exchange exchange(Partitioning partitioning, List<Lane> lanes, int sender) {
    if (partitioning instanceof Partitioning.ByKey byKey) {
      return new KeyExchange(byKey.keyOrdinals(), job.config().maxParallelism(), lanes);
    }
    return partitioning instanceof Partitioning.Forward
        ? new ForwardExchange(lanes.get(0))
        : new RebalanceExchange(lanes, sender);
  }

  private Task task(PlannedStage stage, int subtask, Wiring wiring) {
    List<StageNode> nodes = new ArrayList<>();
    List<OperatorContext> contexts = new ArrayList<>();
    for (PlannedOperator planned : stage.operators()) {
      StageNode node =
          new StageNode(
              planned.operatorId(),
              planned.factory().get(),
              planned.ports(),
              job.taps().received(planned.operatorId()),
              job.taps().emitted(planned.operatorId()));
      if (node.operator() instanceof SinkOperator sink) {
        own(sink, planned);
      }
      nodes.add(node);
      contexts.add(context(stage, subtask, planned, wiring.control));
    }
    TaskOperators operators = new TaskOperators(nodes, contexts);
    TaskWiring taskWiring = new TaskWiring(wiring.control, wiring.exchanges);
    String name = name(stage, subtask);
    PlannedSource source = stage.source();
    if (source == null) {
      return StageTask.of(
          name, stage.number(), operators, taskWiring, settings, events, wiring.inputs);
    }
    Ledger ledger = new Ledger();
    return new SourceTask(
        name,
        stage.number(),
        operators,
        taskWiring,
        settings,
        events,
        source,
        ledger,
        new PolicyFailures(
            failures,
            source.operatorId(),
            source.errors(),
            source.replayable(),
            ledger,
            wiring.control),
        job.taps().emitted(source.operatorId()));
  }

  /** A sink with commits writes in the name of the job's owner. */
  private void own(SinkOperator operator, PlannedOperator planned) {
    String id = planned.operatorId();
    SinkOwner owner = new SinkOwner(job.jobId(), id, job.checkpoints().token());
    operator.ownedBy(owner, job.checkpoints().lastId());
    if (operator.sink() instanceof TwoPhaseSink sink && !committing.containsKey(id)) {
      Ledger ledger = new Ledger();
      PolicyFailures atCommit =
          new PolicyFailures(failures, id, planned.errors(), false, ledger, new TaskControl("", 0));
      committing.put(id, new SinkCommits.Committing(sink, owner, atCommit, ledger));
    }
  }

  private static String name(PlannedStage stage, int subtask) {
    PlannedSource source = stage.source();
    String head = source == null ? "" : source.operatorId() + " → ";
    return head
        + stage.operators().stream()
            .map(PlannedOperator::operatorId)
            .collect(Collectors.joining(" → "))
        + " ["
        + (subtask + 1)
        + "/"
        + stage.parallelism()
        + "]";
  }

  private OperatorContext context(
      PlannedStage stage, int subtask, PlannedOperator planned, TaskControl control) {
    int maxParallelism = job.config().maxParallelism();
    KeyGroupRange range = KeyGroups.range(subtask, maxParallelism, stage.parallelism());
    Ledger ledger = new Ledger();
    return new OperatorContext(
        planned.operatorId(),
        subtask,
        stage.parallelism(),
        maxParallelism,
        job.state().create(planned.operatorId(), range, maxParallelism),
        ledger,
        new PolicyFailures(
            failures,
            planned.operatorId(),
            planned.errors(),
            rereads[stage.number()],
            ledger,
            control),
        new TaskCalls(job.config().name() + ": " + planned.operatorId()));
  }

  List<Task> tasks() {
    return tasks;
  }

  List<SourceTask> sourceTasks() {
    return tasks.stream().filter(SourceTask.class::isInstance).map(SourceTask.class::cast).toList();
  }

  private List<SourceTask> sourceTasks(String sourceId) {
    return sourceTasks().stream().filter(task -> task.sourceId().equals(sourceId)).toList();
  }

  /** A task has opened its operators, with what they restored; used by the job's thread. */
  void opened(Task task) {
    opened.add(task);
  }

  /**
   * A source has come to the end of its time bounds; used by the job's thread.
   *
   * @return whether with that all have
   */
  boolean arrived(Task task) {
    return arrived.add(task) && arrived.size() == sourceTasks().size();
  }

  /** Whether all tasks are open, so that rows pass. */
  boolean isOpen() {
    return opened.size() == tasks.size();
  }

  /** The sinks with commits, by operator. */
  Map<String, SinkCommits.Committing> committing() {
    return committing;
  }

  List<EdgeChannels> edges() {
    return edges;
  }

  /** Asks sources for their splits and hands them out. Touches the outside. */
  void assignSplits() {
    for (PlannedStage stage : plan.stages()) {
      PlannedSource source = stage.source();
      if (source != null) {
        SplitPlan splitPlan = new SplitPlan(stage.parallelism());
        splits.put(source.operatorId(), splitPlan);
        assign(
            source.operatorId(),
            splitPlan.start(source.source(), settings.restored().get(source.operatorId())));
      }
    }
  }

  /** Hands out those splits of a source that are new. */
  void discovered(String sourceId, List<io.fluxcore.application.connector.Source.Split> found) {
    SplitPlan splitPlan = splits.get(sourceId);
    if (splitPlan != null) {
      assign(sourceId, splitPlan.discovered(found));
    }
  }

  private void assign(String sourceId, List<SplitPlan.Assignment> assignments) {
    List<SourceTask> readers = sourceTasks(sourceId);
    for (SplitPlan.Assignment assignment : assignments) {
      readers.get(assignment.subtask()).assign(assignment.split());
    }
  }

  void start() {
    for (Task task : tasks) {
      Thread thread = new Thread(task, job.config().name() + ": " + task.name());
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /** Cancels what still runs and returns when every thread has ended. */
  void cancelAndJoin() {
    tasks.forEach(Task::cancel);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
    for (Thread thread : threads) {
      join(thread, Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
    for (int round = 1; interruptAlive(round); round++) {
      tasks.forEach(Task::cancel);
    }
  }

  private boolean interruptAlive(int round) {
    boolean alive = false;
    for (Thread thread : threads) {
      if (thread.isAlive()) {
        thread.interrupt();
        join(thread, INTERRUPT_EVERY_MILLIS);
        alive |= thread.isAlive();
        if (thread.isAlive() && round % ROUNDS_BEFORE_WARNING == 0) {
          LOG.log(
              System.Logger.Level.WARNING,
              "task {0} does not end; it is at {1}",
              thread.getName(),
              List.of(thread.getStackTrace()));
        }
      }
    }
    return alive;
  }

  private static void join(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      // A cancel that came while the job was already ending its tasks: go on with that.
    }
  }
}
