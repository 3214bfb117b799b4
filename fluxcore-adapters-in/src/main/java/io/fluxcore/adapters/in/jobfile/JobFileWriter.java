package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.ErrorBreaker;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobConfig.Checkpoints;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkAlignment;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.ConnectorSpec;
import io.fluxcore.domain.topology.Criterion;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes portable topologies and their jobs as YAML that {@link JobFileReader} reads back as equal
 * ones. What is as it is by default is left out. Thread-safe.
 */
public final class JobFileWriter {
  /** A writer; it has no settings. */
  public JobFileWriter() {}

  /**
   * The job file of a job.
   *
   * @throws FluxCoreException if the topology holds code, or an option that has the name of a word
   *     of job files; all of them at once
   */
  public String yaml(StreamTopology topology, JobConfig config) {
    refuse(topology.boundParts());
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("job", job(config));
    file.put("topology", nodes(topology));
    return dump(escaped(file));
  }

  /** The part {@code job} of a job file alone. */
  String yaml(JobConfig config) {
    return dump(escaped(Map.of("job", job(config))));
  }

  /** A value as YAML. */
  static String dump(Object value) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(Integer.MAX_VALUE)
            .setSplitLines(false)
            .build();
    return new Dump(settings).dumpToString(value);
  }

  private static void refuse(List<String> parts) {
    if (!parts.isEmpty()) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          parts.stream()
              .map(
                  part ->
                      Diagnostic.error(
                          "FLX-JOBFILE-0031",
                          Place.WHOLE,
                          "the topology cannot be written as text because of " + part,
                          "use an expression in place of code"))
              .toList(),
          null);
    }
  }

  /** The same values, with what would be read as a parameter made plain. */
  private static Object escaped(Object value) {
    if (value instanceof String text) {
      return text.replace("${", "$${");
    }
    if (value instanceof List<?> list) {
      return list.stream().map(JobFileWriter::escaped).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(key, escaped(item)));
      return copy;
    }
    return value;
  }

  // The job.

  private static Map<String, Object> job(JobConfig config) {
    JobConfig usual = JobConfig.builder().name(config.name()).build();
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("name", config.name());
    putUnless(job, "version", config.version(), usual.version());
    putUnless(job, "parallelism", config.parallelism(), usual.parallelism());
    putUnless(job, "maxParallelism", config.maxParallelism(), usual.maxParallelism());
    checkpoints(job, config.checkpoints());
    if (!config.restartStrategy().equals(usual.restartStrategy())) {
      job.put("restartStrategy", restartStrategy(config.restartStrategy()));
    }
    putUnless(job, "errorPolicy", errorPolicy(config.errors()), errorPolicy(usual.errors()));
    ErrorBreaker breaker = config.errorBreaker();
    if (breaker != null) {
      job.put("errorBreaker", errorBreaker(breaker));
    }
    putUnless(job, "batchRows", config.batchRows(), usual.batchRows());
    putUnless(job, "linger", text(config.linger()), text(usual.linger()));
    putUnless(
        job,
        "watermarkInterval",
        text(config.watermarkInterval()),
        text(usual.watermarkInterval()));
    putUnless(job, "stateBackend", config.stateBackend(), usual.stateBackend());
    if (config.deliveryGuarantee() != null) {
      job.put("deliveryGuarantee", word(config.deliveryGuarantee()));
    }
    putUnless(job, "allowNonRestoredState", config.allowNonRestoredState(), false);
    return job;
  }

  private static void checkpoints(Map<String, Object> job, Checkpoints checkpoints) {
    Checkpoints usual = Checkpoints.NONE;
    Map<String, Object> settings = new LinkedHashMap<>();
    if (checkpoints.interval() != null) {
      settings.put("interval", text(checkpoints.interval()));
    }
    putUnless(settings, "timeout", text(checkpoints.timeout()), text(usual.timeout()));
    putUnless(settings, "minPause", text(checkpoints.minPause()), text(usual.minPause()));
    putUnless(
        settings, "toleratedFailures", checkpoints.toleratedFailures(), usual.toleratedFailures());
    putUnless(settings, "retained", checkpoints.retained(), usual.retained());
    if (settings.size() == 1 && checkpoints.interval() != null) {
      job.put("checkpointInterval", text(checkpoints.interval()));
    } else if (!settings.isEmpty()) {
      job.put("checkpoints", settings);
    }
  }

  private static Object errorBreaker(ErrorBreaker breaker) {
    Map<String, Object> settings = new LinkedHashMap<>();
    putUnless(settings, "failures", breaker.failures(), ErrorBreaker.ANY);
    putUnless(settings, "share", breaker.share(), 1.0);
    settings.put("window", text(breaker.window()));
    putUnless(settings, "rows", breaker.rows(), 1L);
    return settings;
  }

  private static Object errorPolicy(ErrorPolicy errors) {
    RetryPolicy retry = errors.retry();
    if (retry == null) {
      return word(errors.action());
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("attempts", retry.attempts());
    settings.put("initial", text(retry.initial()));
    settings.put("maximum", text(retry.maximum()));
    settings.put("factor", retry.factor());
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("retry", settings);
    policy.put("then", word(errors.action()));
    return policy;
  }

  private static Object restartStrategy(RestartStrategy strategy) {
    Map<String, Object> settings = new LinkedHashMap<>();
    String word;
    if (strategy instanceof RestartStrategy.FixedDelay fixed) {
      word = "fixedDelay";
      settings.put("attempts", fixed.attempts());
      settings.put("delay", text(fixed.delay()));
    } else if (strategy instanceof RestartStrategy.ExponentialBackoff backoff) {
      word = "exponentialBackoff";
      settings.put("initial", text(backoff.initial()));
      settings.put("maximum", text(backoff.maximum()));
      settings.put("factor", backoff.factor());
      settings.put("quiet", text(backoff.quiet()));
    } else if (strategy instanceof RestartStrategy.FailureRate rate) {
      word = "failureRate";
      settings.put("maxFailures", rate.maxFailures());
      settings.put("interval", text(rate.interval()));
      settings.put("delay", text(rate.delay()));
    } else {
      return "none";
    }
    return Map.of(word, settings);
  }

  // The topology.

  private static List<Object> nodes(StreamTopology topology) {
    List<Object> nodes = new ArrayList<>();
    String last = null;
    for (TopologyNode node : topology.nodes()) {
      nodes.add(node(node, last));
      last = node.config() instanceof SinkConfig ? last : node.name();
    }
    return nodes;
  }

  private static Map<String, Object> node(TopologyNode node, @Nullable String last) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", node.name());
    List<PortRef> usual =
        last == null ? List.of() : List.of(new PortRef(last, NodeConfig.MAIN_PORT));
    if (!(node.config() instanceof SourceConfig) && !node.inputs().equals(usual)) {
      List<String> from = node.inputs().stream().map(PortRef::toString).toList();
      map.put("from", from.size() == 1 ? from.get(0) : from);
    }
    ErrorPolicy errors = node.config().errors();
    if (errors != null) {
      map.put("errorPolicy", errorPolicy(errors));
    }
    config(map, node.config());
    return map;
  }

  private static void config(Map<String, Object> map, NodeConfig config) {
    if (config instanceof SourceConfig source) {
      map.put("source", source(source));
    } else if (config instanceof SinkConfig sink) {
      Map<String, Object> settings = connector(sink.connector(), JobFileSchema.SINK_WORDS);
      putUnless(settings, "parallelism", sink.parallelism(), 0);
      map.put("sink", settings);
    } else if (config instanceof WindowConfig window) {
      map.put("window", window(window));
    } else if (config instanceof AggregateConfig aggregate) {
      map.put("aggregate", aggregate(aggregate));
    } else if (config instanceof OperatorConfig operator) {
      map.putAll(OperatorKinds.words(operator));
    } else {
      transform(map, (TransformConfig) config);
    }
  }

  private static void transform(Map<String, Object> map, TransformConfig config) {
    if (config instanceof TransformConfig.Filter filter) {
      map.put("filter", expression(filter.criterion()));
    } else if (config instanceof TransformConfig.Project project) {
      map.put(project.keepOthers() ? "map" : "project", new LinkedHashMap<>(project.fields()));
    } else if (config instanceof TransformConfig.Rename rename) {
      map.put("rename", new LinkedHashMap<>(rename.names()));
    } else if (config instanceof TransformConfig.Unnest unnest) {
      map.put("unnest", UnnestWords.write(unnest));
    } else if (config instanceof TransformConfig.KeyBy keyBy) {
      map.put("keyBy", keyBy.fields());
    } else if (config instanceof TransformConfig.Sort sort) {
      map.put("sort", sort(sort));
    } else if (config instanceof TransformConfig.Route route) {
      Map<String, Object> ports = new LinkedHashMap<>();
      route.branches().forEach(b -> ports.put(b.port(), expression(b.criterion())));
      map.put("route", ports);
    } else if (config instanceof TransformConfig.ProcessCode process) {
      map.put("process", ProcessWords.write(process));
    } else if (config instanceof TransformConfig.Union) {
      map.put("union", Map.of());
    } else {
      throw new IllegalArgumentException(config.describe() + " has no word in job files");
    }
  }

  private static Map<String, Object> sort(TransformConfig.Sort sort) {
    Map<String, Object> settings = new LinkedHashMap<>();
    putUnless(settings, "key", sort.key(), List.of());
    putUnless(
        settings, "thenBy", sort.thenBy().stream().map(SortField::toString).toList(), List.of());
    putUnless(settings, "maxRows", sort.maxRows(), EventTimeSort.DEFAULT_MAX_ROWS);
    return settings;
  }

  private static String expression(@Nullable Criterion criterion) {
    return criterion instanceof Criterion.Text text ? text.text() : "";
  }

  private static Map<String, Object> source(SourceConfig source) {
    Map<String, Object> settings = connector(source.connector(), JobFileSchema.SOURCE_WORDS);
    Schema schema = source.schema();
    if (schema != null) {
      if (!schema.fields().isEmpty() || !schema.isOpen()) {
        settings.put("schema", fields(schema));
      }
      putUnless(settings, "openSchema", schema.isOpen(), false);
    }
    putUnless(settings, "primaryKey", source.primaryKey(), List.of());
    if (source.timestampField() != null) {
      settings.put("timestampField", source.timestampField());
    }
    if (source.timestampExpression() != null) {
      settings.put("timestampExpression", source.timestampExpression());
    }
    putUnless(settings, "time", word(source.time()), word(TimeCharacteristic.EVENT));
    watermarks(settings, source.watermarks());
    if (source.shedding() != null) {
      settings.put("loadShedding", loadShedding(source.shedding()));
    }
    putUnless(settings, "parallelism", source.parallelism(), 0);
    return settings;
  }

  private static Map<String, Object> loadShedding(LoadShedding shedding) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("policy", shedding.policy().word());
    putUnless(settings, "maxRows", shedding.maxRows(), LoadShedding.DEFAULT_MAX_ROWS);
    if (shedding.priorityField() != null) {
      settings.put("priorityField", shedding.priorityField());
    }
    putUnless(settings, "seed", shedding.seed(), 0L);
    return settings;
  }

  private static void watermarks(Map<String, Object> settings, WatermarkStrategy watermarks) {
    WatermarkStrategy usual = SourceConfig.DEFAULT_WATERMARKS;
    putUnless(
        settings,
        "maxOutOfOrderness",
        text(watermarks.maxOutOfOrderness()),
        text(usual.maxOutOfOrderness()));
    putIfThere(settings, "idleTimeout", watermarks.idleTimeout());
    Duration future = watermarks.maxFuture();
    putUnless(
        settings,
        "maxFuture",
        future == null ? "none" : text(future),
        text(WatermarkStrategy.DEFAULT_MAX_FUTURE));
    putIfThere(settings, "silenceFallback", watermarks.silenceFallback());
    WatermarkAlignment alignment = watermarks.alignment();
    if (alignment != null) {
      Map<String, Object> group = new LinkedHashMap<>();
      group.put("group", alignment.group());
      group.put("maxDrift", text(alignment.maxDrift()));
      putUnless(
          group,
          "updateInterval",
          text(alignment.updateInterval()),
          text(WatermarkAlignment.DEFAULT_UPDATE_INTERVAL));
      settings.put("alignment", group);
    }
  }

  static Map<String, Object> fields(Schema schema) {
    Map<String, Object> fields = new LinkedHashMap<>();
    schema.fields().forEach(field -> fields.put(field.name(), field.type().toString()));
    return fields;
  }

  static Map<String, Object> connector(ConnectorSpec connector, Set<String> words) {
    refuse(
        connector.options().keySet().stream()
            .filter(words::contains)
            .map(option -> "the option '" + option + "', which means something else there")
            .toList());
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("connector", connector.name());
    settings.putAll(connector.options());
    return settings;
  }

  private static Map<String, Object> window(WindowConfig window) {
    Map<String, Object> settings = WindowWords.shape(window.shape());
    putUnless(settings, "allowedLateness", text(window.allowedLateness()), text(Duration.ZERO));
    putUnless(settings, "lateOutput", window.lateOutput(), false);
    putUnless(
        settings, "accumulation", word(window.accumulation()), word(Accumulation.ACCUMULATING));
    putUnless(settings, "time", word(window.time()), word(TimeCharacteristic.EVENT));
    if (!window.trigger().isUsual()) {
      settings.put("trigger", WindowWords.trigger(window.trigger()));
    }
    return Map.of(window.shape().kind(), settings);
  }

  private static Map<String, Object> aggregate(AggregateConfig aggregate) {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (!aggregate.groupBy().isEmpty()) {
      settings.put("groupBy", aggregate.groupBy());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (AggregateCall call : aggregate.aggregations()) {
      fields.put(call.output(), AggregateWords.write(call));
    }
    settings.put("fields", fields);
    LifeWords.write(settings, LifeWords.TIME_TO_LIVE, aggregate.timeToLive());
    return settings;
  }

  static void putUnless(Map<String, Object> map, String key, Object value, Object usual) {
    if (!value.equals(usual)) {
      map.put(key, value);
    }
  }

  static void putIfThere(Map<String, Object> map, String key, @Nullable Duration value) {
    if (value != null) {
      map.put(key, text(value));
    }
  }

  static String text(Duration duration) {
    return DurationText.format(duration);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
