package io.fluxcore.application.sql;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.time.DurationText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of jobs that {@code SET 'name' = 'value'} makes: by the words of job files, or as
 * Flink SQL calls them.
 */
public final class SqlJobSettings {
  private static final String STATE_TIME_TO_LIVE = "stateTimeToLive";
  private static final String TIME_ZONE = "timeZone";

  /** The value of {@link #TIME_ZONE} that stands for none. */
  private static final String NO_ZONE = "default";

  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "pipeline.name", "name",
          "parallelism.default", "parallelism",
          "pipeline.max-parallelism", "maxParallelism",
          "execution.checkpointing.interval", "checkpointInterval",
          "state.backend.type", "stateBackend",
          "table.exec.state.ttl", STATE_TIME_TO_LIVE,
          "table.local-time-zone", TIME_ZONE);

  private static final Map<String, BiConsumer<JobConfig.Builder, String>> SETTERS = setters();

  private SqlJobSettings() {}

  private static Map<String, BiConsumer<JobConfig.Builder, String>> setters() {
    Map<String, BiConsumer<JobConfig.Builder, String>> setters = new LinkedHashMap<>();
    setters.put("name", JobConfig.Builder::name);
    setters.put("version", JobConfig.Builder::version);
    setters.put("parallelism", (job, value) -> job.parallelism(Integer.parseInt(value)));
    setters.put("maxParallelism", (job, value) -> job.maxParallelism(Integer.parseInt(value)));
    setters.put(
        "checkpointInterval", (job, value) -> job.checkpointInterval(DurationText.parse(value)));
    setters.put("stateBackend", JobConfig.Builder::stateBackend);
    setters.put(
        STATE_TIME_TO_LIVE, (job, value) -> requireDuration(value)); // of the query's operators
    setters.put(TIME_ZONE, (job, value) -> requireZone(value)); // of the query's expressions
    return setters;
  }

  private static void requireZone(String value) {
    ZoneId unused = zone(value);
  }

  private static @Nullable ZoneId zone(String value) {
    try {
      return value.equalsIgnoreCase(NO_ZONE) ? null : ZoneId.of(value);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "it is no time zone such as Europe/Berlin or +02:00, nor 'default'", e);
    }
  }

  /**
   * The zone whose clocks cut windows, and in which instants are read as texts, dates and wall
   * clocks. Null: windows are cut in UTC, and the engine's own zone is for the rest.
   */
  public static @Nullable ZoneId timeZone(Map<String, String> settings) {
    ZoneId zone = null;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String key = setting.getKey();
      if (OTHER_NAMES.getOrDefault(key, key).equals(TIME_ZONE)) {
        zone = zone(setting.getValue());
      }
    }
    return zone;
  }

  private static void requireDuration(String value) {
    if (duration(value).isNegative()) {
      throw new IllegalArgumentException("it is negative");
    }
  }

  /**
   * A duration as statements have it: Flink writes a space before the unit, and {@code min} for
   * minutes.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration duration(String value) {
    return DurationText.parse(value.replace(" ", "").replace("min", "m"));
  }

  /**
   * How long operators keep what grows without a bound, after it was last used by the clock:
   * groups, rows of joins and rankings. Null: for ever.
   */
  public static @Nullable Duration stateTimeToLive(Map<String, String> settings) {
    Duration life = null;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String key = setting.getKey();
      if (OTHER_NAMES.getOrDefault(key, key).equals(STATE_TIME_TO_LIVE)) {
        life = duration(setting.getValue());
      }
    }
    return life == null || life.isZero() ? null : life;
  }

  /** The names that may be set. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(SETTERS.keySet());
    names.addAll(OTHER_NAMES.keySet());
    return names;
  }

  /** The name that the settings give to a job, or null. */
  public static @Nullable String name(Map<String, String> settings) {
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      if (OTHER_NAMES.getOrDefault(setting.getKey(), setting.getKey()).equals("name")) {
        return setting.getValue();
      }
    }
    return null;
  }

  /**
   * The settings of a job.
   *
   * @param name of the job, unless the settings have one
   * @throws FluxCoreException of category USER if a value is not one
   */
  public static JobConfig jobConfig(Map<String, String> settings, String name) {
    JobConfig.Builder job = JobConfig.builder().name(name);
    settings.forEach((key, value) -> set(job, key, value));
    return job.build();
  }

  /**
   * Checks a setting.
   *
   * @throws FluxCoreException of category USER if there is no such one, or the value is not right
   */
  public static void check(String key, String value) {
    set(JobConfig.builder().name("check"), key, value);
  }

  private static void set(JobConfig.Builder job, String key, String value) {
    BiConsumer<JobConfig.Builder, String> setter = SETTERS.get(OTHER_NAMES.getOrDefault(key, key));
    if (setter == null) {
      throw FluxCoreException.user(
          "FLX-QUERY-0030",
          Place.of("SET '" + key + "'"),
          "there is no setting '" + key + "'",
          NearestName.remedy(key, names(), "there are"));
    }
    try {
      setter.accept(job, value);
    } catch (IllegalArgumentException e) {
      throw FluxCoreException.user(
          "FLX-QUERY-0031",
          Place.of("SET '" + key + "'"),
          "'" + value + "' is no value for it: " + e.getMessage(),
          "give another value");
    }
  }
}
