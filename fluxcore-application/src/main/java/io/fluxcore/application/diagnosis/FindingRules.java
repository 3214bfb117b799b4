package io.fluxcore.application.diagnosis;

import io.fluxcore.application.diagnosis.Finding.Severity;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.graph.JobGraph.Kind;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.runtime.JobProgress.LastError;
import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.application.runtime.JobProgress.SplitState;
import io.fluxcore.application.runtime.JobProgress.WindowProgress;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.time.WatermarkAlignment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rules that explain missing output, the likeliest cause first. A sink starves when it has
 * received nothing over the last few seconds; rules look at what is upstream of starving sinks, and
 * say nothing when none starves. Each rule speaks only when it is true.
 */
final class FindingRules {
  /** A watermark that has not moved for so long stands still. */
  private static final long STILL_MILLIS = 3_000;

  /** A source that has given no row for so long is quiet. */
  private static final long QUIET_MILLIS = 5_000;

  private static final long FAR_AHEAD_MILLIS = 60_000;
  private static final long FAR_BEHIND_MILLIS = 24 * 60 * 60_000L;

  /** Times before this are rather a wrong unit than old events: 1990-01-01. */
  private static final long IMPLAUSIBLE_BEFORE = 631_152_000_000L;

  private static final int BACK_PRESSURED_PER_MILLE = 500;

  private final JobReading job;
  private final EventTime eventTime;
  private final Counts counts;
  private final List<WindowProgress> windows;
  private final long now;
  private final List<Finding> findings = new ArrayList<>();

  /** Sources that a finding has spoken of. */
  private final Set<String> explained = new HashSet<>();

  /** Sources of which a finding has said that alignment holds them back. */
  private final Set<String> aligned = new HashSet<>();

  private Set<String> relevant = Set.of();

  FindingRules(JobReading job, EventTime eventTime, Counts counts, List<WindowProgress> windows) {
    this.job = job;
    this.eventTime = eventTime;
    this.counts = counts;
    this.windows = windows;
    this.now = job.at().toEpochMilli();
  }

  List<Finding> findings() {
    life();
    relevant = upstreamOfStarvingSinks();
    List<JobGraph.Node> nodes =
        job.graph().nodes().stream().filter(node -> relevant.contains(node.id())).toList();
    List<WindowProgress> waiting =
        windows.stream().filter(window -> relevant.contains(window.operatorId())).toList();
    boolean running = job.status() == JobStatus.RUNNING;
    nodes.stream().filter(node -> node.kind() == Kind.SOURCE).forEach(this::unread);
    nodes.forEach(this::allLost);
    if (running) {
      nodes.stream().filter(node -> node.kind() == Kind.SOURCE).forEach(this::withoutTimes);
      nodes.stream().filter(node -> node.kind() == Kind.SOURCE).forEach(this::aligning);
      waiting.forEach(this::heldBack);
      waiting.forEach(this::farFromNow);
      backPressure();
      waiting.forEach(this::nextFiring);
    }
    nodes.forEach(this::someLost);
    if (running) {
      nodes.stream().filter(node -> node.kind() == Kind.SOURCE).forEach(this::quiet);
    }
    return findings;
  }

  private void add(
      String code, Severity severity, String operatorId, String message, String remedy) {
    findings.add(new Finding(code, severity, operatorId, message, remedy));
  }

  // Which part of the job is looked at

  private Set<String> upstreamOfStarvingSinks() {
    Deque<String> open = new ArrayDeque<>();
    for (JobGraph.Node node : job.graph().nodes()) {
      if (node.kind() == Kind.SINK && starves(node.id())) {
        open.add(node.id());
      }
    }
    Set<String> reached = new HashSet<>();
    while (!open.isEmpty()) {
      String id = open.remove();
      if (reached.add(id)) {
        job.graph().edges().stream()
            .filter(edge -> edge.to().equals(id))
            .forEach(edge -> open.add(edge.from()));
      }
    }
    return reached;
  }

  private boolean starves(String sink) {
    OperatorMetrics metrics = counts.metrics(sink);
    if (job.status().isTerminal()) {
      return counts.of(sink).rowsIn() == 0;
    }
    return metrics == null || metrics.rowsInPerSecond() == 0;
  }

  // The rules

  private void life() {
    JobFailure failure = job.failure();
    String why =
        failure == null
            ? ""
            : (failure.operatorId().isEmpty() ? "" : " in '" + failure.operatorId() + "'")
                + ": "
                + failure.message();
    switch (job.status()) {
      case RUNNING -> {}
      case RESTARTING -> restarting(why);
      case FAILED ->
          add(
              "FLX-WHY-0001",
              Severity.ERROR,
              failure == null ? "" : failure.operatorId(),
              "the job has failed" + why,
              "remove the cause and submit the job again");
      case FINISHED, STOPPED, CANCELLED ->
          add(
              "FLX-WHY-0001",
              Severity.INFO,
              "",
              "the job is over: it is " + job.status(),
              "submit it again if it is to go on");
      case WAITING_FOR_CODE ->
          add(
              "FLX-WHY-0001",
              Severity.WARNING,
              "",
              "the job waits for the application that has its code",
              "start the application that submits the job");
      case SUBMITTED, STARTING ->
          add(
              "FLX-WHY-0001",
              Severity.INFO,
              "",
              "the job is "
                  + job.status()
                  + (failure == null ? "" : " again after a failure" + why),
              "wait until it runs; opening connections and restoring state take their time");
      case SUSPENDING, SUSPENDED ->
          add(
              "FLX-WHY-0001",
              Severity.INFO,
              "",
              "the job is " + job.status() + ": it was asked to stop with its state",
              "resume it if it is to go on");
      case STOPPING, CANCELLING ->
          add(
              "FLX-WHY-0001",
              Severity.INFO,
              "",
              "the job is being ended: it is " + job.status(),
              "submit it again when it is over, if it is to go on");
    }
  }

  private void restarting(String why) {
    JobEvent last = job.history().get(job.history().size() - 1);
    if (last instanceof JobEvent.Upgrading || last instanceof JobEvent.Rescaling) {
      add(
          "FLX-WHY-0001",
          Severity.INFO,
          "",
          "the job is " + last.describe(),
          "wait until its state is safe and the new run has begun");
      return;
    }
    if (last instanceof JobEvent.Released || last instanceof JobEvent.RestartRequested) {
      add(
          "FLX-WHY-0001",
          Severity.INFO,
          "",
          "the job is between two runs: " + last.describe(),
          "wait until it runs again; start a server if none does");
      return;
    }
    long restarts = job.metrics().restarts();
    add(
        "FLX-WHY-0001",
        Severity.ERROR,
        job.failure() == null ? "" : job.failure().operatorId(),
        "the job is restarting because it failed"
            + why
            + (restarts == 0 ? "" : " (" + restarts + " restarts so far)"),
        "remove the cause; the job goes on by itself from its last checkpoint");
  }

  /** Nothing has been read from a source. */
  private void unread(JobGraph.Node source) {
    Ledger.Counts rows = counts.of(source.id());
    if (rows.rowsIn() > 0 || (job.status() != JobStatus.RUNNING && !job.status().isTerminal())) {
      return;
    }
    List<SplitProgress> splits = eventTime.splitsOf(source.id());
    long open = splits.stream().filter(s -> s.state() != SplitState.FINISHED).count();
    String detail =
        splits.isEmpty()
            ? ": it has no split to read"
            : open == 0
                ? ": all its " + splits.size() + " splits have ended without a row"
                : ": none of its " + splits.size() + " splits has given one";
    add(
        "FLX-WHY-0002",
        Severity.WARNING,
        source.id(),
        "no rows have been read from source '" + source.id() + "'" + detail,
        "check that there is data where the source reads, and that it starts at the right place ("
            + source.description()
            + ")");
  }

  /** A node takes rows and accepts none. */
  private void allLost(JobGraph.Node node) {
    Ledger.Counts rows = counts.of(node.id());
    long in = rows.rowsIn();
    if (in == 0 || rows.accepted() > 0) {
      return;
    }
    String all = in == 1 ? "the 1 row" : "all " + in + " rows";
    String where = (node.kind() == Kind.SOURCE ? " of source '" : " into '") + node.id() + "'";
    if (rows.failed() == in) {
      add(
          node.kind() == Kind.SOURCE ? "FLX-WHY-0003" : "FLX-WHY-0005",
          Severity.ERROR,
          node.id(),
          all + where + " could not be processed" + lastError(node.id()),
          "look at the dead letters; mend the records, or what is expected of them");
    } else if (rows.filtered() == in) {
      boolean window = node.kind() == Kind.AGGREGATE || node.kind() == Kind.WINDOW;
      add(
          "FLX-WHY-0004",
          Severity.WARNING,
          node.id(),
          window
              ? all + where + " belong to no window"
              : node.kind() == Kind.SOURCE
                  ? all + where + " are kept out by the filters that follow it"
                  : all + where + " are kept out by it (" + node.description() + ")",
          window
              ? "check the window's size and slide: there are gaps between the windows"
              : "check the condition against a few rows of its input");
    } else if (rows.late() == in) {
      late(node, all + where);
    } else {
      add(
          "FLX-WHY-0007",
          Severity.WARNING,
          node.id(),
          all + where + " are lost: " + Words.losses(rows),
          "look at each of these reasons by itself");
    }
  }

  private void late(JobGraph.Node node, String all) {
    Optional<WindowProgress> window =
        windows.stream().filter(w -> w.operatorId().equals(node.id())).findFirst();
    long reached = window.map(WindowProgress::watermark).orElse(Long.MIN_VALUE);
    long behind =
        EventTime.holder(eventTime.upstream(node.id()))
            .map(SplitProgress::watermark)
            .filter(own -> own != Long.MIN_VALUE && own < reached)
            .map(own -> reached - own)
            .orElse(0L);
    add(
        "FLX-WHY-0006",
        Severity.WARNING,
        node.id(),
        all
            + " came too late"
            + (behind > 0 ? ", by about " + Words.length(behind) : "")
            + (node.kind() == Kind.TRANSFORM
                ? ": later ones had been given on"
                : ": their windows were closed")
            + (isKnown(reached) ? ", event time has reached " + Words.time(reached) : ""),
        "let the source's timestamps be further out of order, "
            + (node.kind() == Kind.TRANSFORM ? "" : "give the window allowed lateness, ")
            + "or read its late output");
  }

  private String lastError(String node) {
    Optional<LastError> last =
        job.progress().errors().stream()
            .filter(error -> JobGraph.nodeOf(error.operatorId()).equals(node))
            .max(Comparator.comparing(LastError::at));
    return last.map(e -> "; the last error, at " + e.at() + ", is " + e.code() + ": " + e.message())
        .orElse("");
  }

  /** Rows are read, but none has a time that a window could use. */
  private void withoutTimes(JobGraph.Node source) {
    List<SplitProgress> splits = eventTime.splitsOf(source.id());
    Ledger.Counts rows = counts.of(source.id());
    boolean feedsWindows =
        windows.stream()
            .anyMatch(
                w ->
                    !w.processingTime()
                        && eventTime.upstream(w.operatorId()).stream().anyMatch(splits::contains));
    if (rows.accepted() > 0
        && feedsWindows
        && splits.stream().noneMatch(split -> isKnown(split.watermark()))) {
      explained.add(source.id());
      add(
          "FLX-WHY-0008",
          Severity.ERROR,
          source.id(),
          "of source '"
              + source.id()
              + "' "
              + Words.rows(rows.accepted())
              + (rows.accepted() == 1 ? " was" : " were")
              + " read, but none carries a time, so event time does not begin",
          "name the field that holds the time (timestampField), or give the source ingestion time");
    }
  }

  /** Splits of a source are not read, so that they do not run ahead of their alignment group. */
  private void aligning(JobGraph.Node source) {
    List<SplitProgress> splits = eventTime.splitsOf(source.id());
    List<SplitProgress> held =
        splits.stream().filter(split -> split.state() == SplitState.ALIGNING).toList();
    WatermarkAlignment alignment = eventTime.alignmentOf(source.id());
    if (held.isEmpty() || alignment == null) {
      return;
    }
    SplitProgress slowest =
        EventTime.holder(eventTime.splitsOfGroup(alignment.group())).orElse(held.get(0));
    long furthest = held.stream().mapToLong(SplitProgress::watermark).max().orElseThrow();
    long standing = now - slowest.unchangedSinceMillis();
    boolean still = standing >= STILL_MILLIS;
    aligned.add(source.id());
    add(
        "FLX-WHY-0018",
        still ? Severity.WARNING : Severity.INFO,
        source.id(),
        (held.size() == splits.size()
                ? "source '" + source.id() + "' is"
                : held.size()
                    + " of "
                    + splits.size()
                    + " splits of source '"
                    + source.id()
                    + "' are")
            + " held back by alignment with source '"
            + slowest.sourceId()
            + "': at "
            + Words.time(furthest)
            + ", it may be "
            + Words.length(alignment.maxDrift().toMillis())
            + " ahead of split '"
            + slowest.split()
            + "', which "
            + (isKnown(slowest.watermark())
                ? "is at " + Words.time(slowest.watermark())
                : "has given no row with a time yet")
            + (still ? ", and has been for " + Words.length(standing) : ""),
        still
            ? "see why '"
                + slowest.sourceId()
                + "' gives nothing; with an idle timeout a silent split does not hold the group '"
                + alignment.group()
                + "' back"
            : "that is as it should be while the slower one catches up");
  }

  private static boolean isKnown(long watermark) {
    return watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE;
  }

  /** Windows wait for a watermark that one split holds back. */
  private void heldBack(WindowProgress window) {
    if (window.processingTime() || !isWaiting(window)) {
      return;
    }
    List<SplitProgress> upstream = eventTime.upstream(window.operatorId());
    SplitProgress holder = EventTime.holder(upstream).orElse(null);
    if (holder == null || explained.contains(holder.sourceId())) {
      return;
    }
    long standing = now - holder.unchangedSinceMillis();
    long furthest = upstream.stream().mapToLong(SplitProgress::watermark).max().orElse(0);
    if (standing < STILL_MILLIS) {
      return;
    }
    String split = "split '" + holder.split() + "' of source '" + holder.sourceId() + "'";
    String idle =
        "if the split may stay silent, set an idle timeout at the source, so that it steps aside;"
            + " otherwise see why nothing comes";
    if (holder.rows() == 0 && !isKnown(holder.watermark()) && isKnown(furthest)) {
      explained.add(holder.sourceId());
      add(
          "FLX-WHY-0009",
          Severity.WARNING,
          holder.sourceId(),
          split
              + " has never given a row since it is read ("
              + Words.time(holder.unchangedSinceMillis())
              + "), so '"
              + window.operatorId()
              + "' has no watermark; others are at "
              + Words.time(furthest),
          idle);
    } else if (holder.watermark() < furthest) {
      explained.add(holder.sourceId());
      add(
          "FLX-WHY-0010",
          Severity.WARNING,
          holder.sourceId(),
          "the watermark of '"
              + window.operatorId()
              + "' is held back by "
              + split
              + " since "
              + Words.time(holder.unchangedSinceMillis())
              + ", for "
              + Words.length(standing)
              + ": it is at "
              + (isKnown(holder.watermark()) ? Words.time(holder.watermark()) : "no time yet")
              + ", the furthest at "
              + Words.time(furthest)
              + "; "
              + rowsSince(holder),
          idle);
    } else if (isKnown(holder.watermark())) {
      explained.add(holder.sourceId());
      add(
          "FLX-WHY-0011",
          Severity.WARNING,
          holder.sourceId(),
          "event time stands still at "
              + Words.time(holder.watermark())
              + " since "
              + Words.time(holder.unchangedSinceMillis())
              + ", for "
              + Words.length(standing)
              + (isSort(window) ? ", and the rows of '" : ", and the windows of '")
              + window.operatorId()
              + "' wait for it; of "
              + split
              + ", "
              + rowsSince(holder),
          (isSort(window) ? "rows leave" : "windows close")
              + " when later rows arrive: see whether the source has more");
    }
  }

  private static String rowsSince(SplitProgress split) {
    if (split.lastRowMillis() == Long.MIN_VALUE) {
      return "no row has come";
    }
    return split.lastRowMillis() > split.unchangedSinceMillis()
        ? "rows have come since, the last at "
            + Words.time(split.lastRowMillis())
            + ", but none with a later time"
        : "no rows have come since";
  }

  /** Whether rows wait rather than windows. */
  private boolean isSort(WindowProgress window) {
    return job.graph().nodes().stream()
        .anyMatch(n -> n.id().equals(window.operatorId()) && n.kind() == Kind.TRANSFORM);
  }

  private boolean isWaiting(WindowProgress window) {
    Ledger.Counts rows = counts.of(window.operatorId());
    return window.pending() > 0 || (rows.accepted() > 0 && rows.rowsOut() == 0);
  }

  private void farFromNow(WindowProgress window) {
    if (window.processingTime() || !isKnown(window.watermark())) {
      return;
    }
    long lag = now - window.watermark();
    String at = "event time in '" + window.operatorId() + "' is " + Words.time(window.watermark());
    if (lag < -FAR_AHEAD_MILLIS) {
      add(
          "FLX-WHY-0012",
          Severity.WARNING,
          window.operatorId(),
          at
              + ", "
              + Words.length(-lag)
              + " ahead of the clock: rows with the present time are late",
          "check the unit and the zone of the source's timestamps; maxFuture bounds how far ahead"
              + " they may be");
    } else if (lag > FAR_BEHIND_MILLIS) {
      boolean implausible = window.watermark() < IMPLAUSIBLE_BEFORE;
      add(
          "FLX-WHY-0013",
          implausible ? Severity.WARNING : Severity.INFO,
          window.operatorId(),
          at + ", " + Words.length(lag) + " behind the clock",
          implausible
              ? "check the unit of the source's timestamps: numbers are read as milliseconds since"
                  + " 1970, not seconds"
              : "that is as it should be where history is read; otherwise check the timestamps");
    }
  }

  /** A stage waits to send, and the one that it sends to does not. */
  private void backPressure() {
    Set<Integer> told = new HashSet<>();
    for (PlannedEdge edge : job.plan().edges()) {
      if (backPressured(edge.from()) >= BACK_PRESSURED_PER_MILLE
          && backPressured(edge.to()) < BACK_PRESSURED_PER_MILLE
          && isRelevant(edge.to())
          && told.add(edge.to())) {
        String slow = namesOf(edge.to());
        add(
            "FLX-WHY-0014",
            Severity.WARNING,
            operatorsOf(edge.to()).get(operatorsOf(edge.to()).size() - 1),
            "rows wait for "
                + slow
                + ": what is before it spends "
                + backPressured(edge.from()) / 10
                + " % of its time waiting to send",
            "see why it is slow (the outside of a sink, the code of a transform), or raise its"
                + " parallelism");
      }
    }
  }

  private int backPressured(int stage) {
    return job.metrics().operators().stream()
        .filter(operator -> operator.stage() == stage)
        .mapToInt(OperatorMetrics::backPressuredPerMille)
        .max()
        .orElse(0);
  }

  private boolean isRelevant(int stage) {
    return operatorsOf(stage).stream().anyMatch(relevant::contains);
  }

  private List<String> operatorsOf(int stage) {
    return job.plan().stages().get(stage).operators().stream()
        .map(operator -> JobGraph.nodeOf(operator.operatorId()))
        .distinct()
        .toList();
  }

  private String namesOf(int stage) {
    Set<String> sinks =
        job.graph().nodes().stream()
            .filter(node -> node.kind() == Kind.SINK)
            .map(JobGraph.Node::id)
            .collect(Collectors.toSet());
    List<String> operators = operatorsOf(stage);
    List<String> slowSinks = operators.stream().filter(sinks::contains).toList();
    return slowSinks.isEmpty()
        ? "'" + String.join("', '", operators) + "'"
        : "sink '" + String.join("', '", slowSinks) + "'";
  }

  private void nextFiring(WindowProgress window) {
    long missing = window.nextFiring() - window.watermark();
    if (window.pending() == 0 || window.nextFiring() == Long.MAX_VALUE || missing <= 0) {
      return;
    }
    boolean known = isKnown(window.watermark());
    add(
        "FLX-WHY-0015",
        Severity.INFO,
        window.operatorId(),
        "'"
            + window.operatorId()
            + "' has "
            + (isSort(window)
                ? Words.rows(window.pending()) + " to put in order; the next leaves when "
                : (window.pending() == 1 ? "1 window" : window.pending() + " windows")
                    + " open; the next gives its result when ")
            + (window.processingTime() ? "the clock" : "the watermark")
            + " reaches "
            + Words.time(window.nextFiring())
            + (known
                ? ", " + Words.length(missing) + " after " + Words.time(window.watermark())
                : "")
            + (known && window.pace() > 0
                ? ": in about " + Words.length((long) (missing / window.pace())) + " at this pace"
                : ""),
        isSort(window)
            ? "wait, or let the source's timestamps be less out of order"
            : "wait, or make the windows shorter");
  }

  private void someLost(JobGraph.Node node) {
    Ledger.Counts rows = counts.of(node.id());
    boolean isFilter = node.kind() == Kind.TRANSFORM || node.kind() == Kind.SOURCE;
    long lost = rows.rowsIn() - rows.accepted() - (isFilter ? rows.filtered() : 0);
    if (rows.accepted() > 0 && lost > 0) {
      add(
          "FLX-WHY-0016",
          Severity.INFO,
          node.id(),
          "of "
              + Words.rows(rows.rowsIn())
              + " into '"
              + node.id()
              + "': "
              + Words.losses(rows)
              + (rows.failed() > 0 ? lastError(node.id()) : ""),
          "that alone does not explain why nothing comes, but these rows are missing");
    }
  }

  /** A source that gave rows gives none any more. */
  private void quiet(JobGraph.Node source) {
    List<SplitProgress> open =
        eventTime.splitsOf(source.id()).stream()
            .filter(split -> split.state() != SplitState.FINISHED)
            .toList();
    long last = open.stream().mapToLong(SplitProgress::lastRowMillis).max().orElse(Long.MIN_VALUE);
    if (last == Long.MIN_VALUE || aligned.contains(source.id())) {
      return;
    }
    Duration fallback = eventTime.silenceFallbackOf(source.id());
    String since =
        "source '"
            + source.id()
            + "' has given no row since "
            + Words.time(last)
            + ", for "
            + Words.length(now - last);
    if (fallback != null && now - last >= fallback.toMillis()) {
      add(
          "FLX-WHY-0019",
          Severity.INFO,
          source.id(),
          since
              + "; its event time goes on with the clock, since it is silent for longer than "
              + Words.length(fallback.toMillis()),
          "windows close by that; rows that come with earlier times are late");
    } else if (now - last >= QUIET_MILLIS && explained.add(source.id())) {
      add(
          "FLX-WHY-0017",
          Severity.INFO,
          source.id(),
          since,
          "see whether there is new data where the source reads");
    }
  }
}
