package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.shedding.SheddingPolicy;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkAlignment;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.ConnectorSpec;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes sources and sinks of their settings in a file, and reads what names a connector. */
final class ConnectorReader {
  /** Options whose text is kept as it was written: {@code 1.50} is not 1.5, nor 007 seven. */
  private static final Set<OptionSpec.Type> AS_WRITTEN =
      EnumSet.of(
          OptionSpec.Type.STRING,
          OptionSpec.Type.PATH,
          OptionSpec.Type.DURATION,
          OptionSpec.Type.SIZE);

  private final Values values;
  private final List<ConnectorDescriptor> sources;
  private final List<ConnectorDescriptor> sinks;
  private final List<ConnectorDescriptor> lookups;

  ConnectorReader(
      Values values,
      List<ConnectorDescriptor> sources,
      List<ConnectorDescriptor> sinks,
      List<ConnectorDescriptor> lookups) {
    this.values = values;
    this.sources = sources;
    this.sinks = sinks;
    this.lookups = lookups;
  }

  SourceConfig source(Mapping settings, @Nullable ErrorPolicy errors) {
    return new SourceConfig(
        connector(settings, sources, JobFileSchema.SOURCE_WORDS),
        null,
        schema(settings),
        Values.optionalText(settings, "timestampField"),
        Values.optionalText(settings, "timestampExpression"),
        Values.constant(settings, "time", TimeCharacteristic.class, TimeCharacteristic.EVENT),
        watermarks(settings),
        errors,
        Values.integer(settings, "parallelism", 0),
        loadShedding(settings),
        primaryKey(settings));
  }

  private static List<String> primaryKey(Mapping settings) {
    TextNode key = settings.get("primaryKey");
    return key == null ? List.of() : Values.texts(key);
  }

  private @Nullable LoadShedding loadShedding(Mapping source) {
    if (!(source.get("loadShedding") instanceof Mapping settings)) {
      return null;
    }
    return values.check(
        settings,
        () ->
            new LoadShedding(
                Values.constant(settings, "policy", SheddingPolicy.class, SheddingPolicy.OLDEST),
                Values.integer(settings, "maxRows", LoadShedding.DEFAULT_MAX_ROWS),
                Values.optionalText(settings, "priorityField"),
                Values.integer(settings, "seed", 0)));
  }

  SinkConfig sink(Mapping settings, @Nullable ErrorPolicy errors) {
    return new SinkConfig(
        connector(settings, sinks, JobFileSchema.SINK_WORDS),
        null,
        errors,
        Values.integer(settings, "parallelism", 0));
  }

  /** The connector that rows are looked up through. */
  ConnectorSpec lookup(Mapping settings) {
    return connector(settings, lookups, JobFileSchema.LOOKUP_WORDS);
  }

  /** The source of a table that is held in memory. */
  ConnectorSpec fullLookup(Mapping settings) {
    return connector(settings, JobFileSchema.ending(sources), FullLookupWords.ALL);
  }

  /** The declared fields, or null. */
  @Nullable Schema schema(Mapping settings) {
    boolean open = Values.flag(settings, "openSchema");
    if (!(settings.get("schema") instanceof Mapping declared)) {
      return open ? Schema.open() : null;
    }
    List<Field> fields = new ArrayList<>();
    declared
        .members()
        .forEach(
            (name, member) -> {
              Field field =
                  values.check(
                      member.value(),
                      () -> new Field(name, DataType.parse(Values.text(member.value()))));
              if (field != null) {
                fields.add(field);
              }
            });
    Schema schema = Schema.of(fields);
    return open ? schema.opened() : schema;
  }

  private WatermarkStrategy watermarks(Mapping settings) {
    WatermarkStrategy usual = SourceConfig.DEFAULT_WATERMARKS;
    Duration bound = values.duration(settings, "maxOutOfOrderness", usual.maxOutOfOrderness());
    Duration idle = values.optionalDuration(settings, "idleTimeout");
    Duration future =
        "none".equals(Values.optionalText(settings, "maxFuture"))
            ? null
            : values.duration(settings, "maxFuture", WatermarkStrategy.DEFAULT_MAX_FUTURE);
    TextNode at = settings.get("idleTimeout");
    WatermarkStrategy strategy =
        values.check(at == null ? settings : at, () -> new WatermarkStrategy(bound, idle, future));
    return withFallback(settings, strategy == null ? usual : strategy)
        .withAlignment(alignment(settings));
  }

  private WatermarkStrategy withFallback(Mapping settings, WatermarkStrategy strategy) {
    TextNode at = settings.get("silenceFallback");
    Duration timeout = values.optionalDuration(settings, "silenceFallback");
    WatermarkStrategy with =
        at == null || timeout == null
            ? strategy
            : values.check(at, () -> strategy.withSilenceFallback(timeout));
    return with == null ? strategy : with;
  }

  private @Nullable WatermarkAlignment alignment(Mapping settings) {
    if (!(settings.get("alignment") instanceof Mapping alignment)) {
      return null;
    }
    String group = Values.text(alignment, "group", "");
    Duration drift = values.optionalDuration(alignment, "maxDrift");
    Duration interval =
        values.duration(alignment, "updateInterval", WatermarkAlignment.DEFAULT_UPDATE_INTERVAL);
    return drift == null
        ? null
        : values.check(alignment, () -> new WatermarkAlignment(group, drift, interval));
  }

  private static ConnectorSpec connector(
      Mapping settings, List<ConnectorDescriptor> known, Set<String> words) {
    String name = Values.text(settings, "connector", "");
    Map<String, OptionSpec.Type> types = new LinkedHashMap<>();
    known.stream()
        .filter(descriptor -> descriptor.name().equals(name))
        .flatMap(descriptor -> descriptor.options().stream())
        .forEach(option -> types.put(option.name(), option.type()));
    Map<String, Object> options = new LinkedHashMap<>();
    settings
        .members()
        .forEach(
            (key, member) -> {
              Object value = words.contains(key) ? null : option(types.get(key), member.value());
              if (value != null) {
                options.put(key, value);
              }
            });
    return new ConnectorSpec(name, options);
  }

  private static @Nullable Object option(OptionSpec.@Nullable Type type, TextNode value) {
    return value instanceof Scalar scalar
            && scalar.value() != null
            && type != null
            && AS_WRITTEN.contains(type)
        ? scalar.text()
        : Values.plain(value);
  }
}
