package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether all sources and sinks can promise what the job asks for. A custom one has no descriptor
 * and is taken at its word where the job asks; where it does not, nothing better than at least once
 * is promised for it.
 */
final class DeliveryCheck {
  private final TopologyAnalysis analysis;
  private final Connections connections;
  private final JobConfig job;
  private final List<Diagnostic> findings;

  DeliveryCheck(
      TopologyAnalysis analysis,
      Connections connections,
      JobConfig job,
      List<Diagnostic> findings) {
    this.analysis = analysis;
    this.connections = connections;
    this.job = job;
    this.findings = findings;
  }

  void run() {
    DeliveryGuarantee asked = job.deliveryGuarantee();
    if (asked == null) {
      return;
    }
    for (TopologyNode node : analysis.order()) {
      DeliveryGuarantee can = isEnd(node) ? connections.guarantee(node) : null;
      if (can != null && can.compareTo(asked) < 0) {
        findings.add(tooLittle(node, asked, can, "use another connector"));
      }
      if (asked == DeliveryGuarantee.EXACTLY_ONCE && sheds(node)) {
        findings.add(
            Diagnostic.error(
                "FLX-PLAN-0009",
                Place.of("node '" + node.name() + "'.loadShedding"),
                "the job asks for delivery exactly once, but "
                    + name(node)
                    + " may shed rows under load, which are then not delivered at all",
                "leave out the load shedding, or ask for at least once, which then holds for the"
                    + " rows that are not shed"));
      }
    }
    boolean bounded = analysis.order().stream().allMatch(this::isBounded);
    if (asked != DeliveryGuarantee.AT_MOST_ONCE && job.checkpointInterval() == null && !bounded) {
      findings.add(
          Diagnostic.warning(
              "FLX-PLAN-0005",
              Place.of("checkpointInterval"),
              "the job asks for delivery "
                  + words(asked)
                  + ", but makes no checkpoints: after a failure it begins anew",
              "set checkpointInterval"));
    }
  }

  private static Diagnostic tooLittle(
      TopologyNode node, DeliveryGuarantee asked, DeliveryGuarantee can, String remedy) {
    return Diagnostic.error(
        "FLX-PLAN-0004",
        Place.of("node '" + node.name() + "'"),
        "the job asks for delivery "
            + words(asked)
            + ", but "
            + name(node)
            + " can promise "
            + words(can)
            + " at most",
        "ask for " + words(can) + ", or " + remedy);
  }

  /** A sink may, as it is configured, promise less than its connector could. */
  static void requirePromise(TopologyNode node, Sink sink, Connections connections, JobConfig job) {
    DeliveryGuarantee can = sink.guarantee();
    if (can == null) {
      return;
    }
    connections.promises(node, can);
    DeliveryGuarantee asked = job.deliveryGuarantee();
    if (asked != null && can.compareTo(asked) < 0) {
      connections.found(tooLittle(node, asked, can, "configure the sink for more"));
    }
  }

  private boolean isBounded(TopologyNode node) {
    return !(node.config() instanceof SourceConfig)
        || !connections.hasSource(node)
        || connections.source(node).isBounded();
  }

  /** A sink below something that is not deterministic must be able to take back what it wrote. */
  static void requireTransactions(TopologyNode sink, Connections connections, JobConfig job) {
    if (job.deliveryGuarantee() == DeliveryGuarantee.EXACTLY_ONCE
        && !connections.can(sink, Capability.TRANSACTIONAL)) {
      connections.found(
          Diagnostic.error(
              "FLX-PLAN-0006",
              Place.of("node '" + sink.name() + "'"),
              "the job asks for delivery exactly once, but what "
                  + name(sink)
                  + " is given depends on timing, and it has no transactions: results could differ"
                  + " after a failure",
              "use a transactional sink, event time instead of processing time and no silence"
                  + " fallback, or ask for at least once"));
    }
  }

  /** What the job delivers, for a person. */
  static String promise(TopologyAnalysis analysis, Connections connections, JobConfig job) {
    String shedding =
        analysis.order().stream()
            .filter(DeliveryCheck::sheds)
            .map(node -> "'" + node.name() + "'")
            .collect(Collectors.joining(", "));
    return delivered(analysis, connections, job.deliveryGuarantee())
        + (shedding.isEmpty() ? "" : "; not at all what source " + shedding + " sheds under load");
  }

  private static String delivered(
      TopologyAnalysis analysis, Connections connections, @Nullable DeliveryGuarantee asked) {
    if (asked != null) {
      return words(asked) + ", as the job asks";
    }
    DeliveryGuarantee weakest = DeliveryGuarantee.EXACTLY_ONCE;
    String because = "";
    for (TopologyNode node : analysis.order()) {
      DeliveryGuarantee can = isEnd(node) ? promised(node, connections) : weakest;
      if (can.compareTo(weakest) < 0) {
        weakest = can;
        because = ", because of " + name(node);
      }
    }
    return words(weakest) + because;
  }

  private static DeliveryGuarantee promised(TopologyNode node, Connections connections) {
    DeliveryGuarantee can = connections.guarantee(node);
    if (can == null || (can == DeliveryGuarantee.EXACTLY_ONCE && sheds(node))) {
      return DeliveryGuarantee.AT_LEAST_ONCE;
    }
    return can;
  }

  private static boolean sheds(TopologyNode node) {
    return node.config() instanceof SourceConfig source && source.shedding() != null;
  }

  private static boolean isEnd(TopologyNode node) {
    return node.config() instanceof SourceConfig || node.config() instanceof SinkConfig;
  }

  private static String name(TopologyNode node) {
    return node.config() instanceof SourceConfig source
        ? "source '" + node.name() + "' (" + source.connector().name() + ")"
        : "sink '" + node.name() + "' (" + ((SinkConfig) node.config()).connector().name() + ")";
  }

  private static String words(DeliveryGuarantee guarantee) {
    return guarantee.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
