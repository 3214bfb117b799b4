package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.out.redisstate.RedisStateSettings;
import io.fluxcore.application.timetravel.TimeTravelSettings;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an application can set. Immutable; a value that cannot be is refused when the application
 * starts.
 *
 * @param enabled Whether FluxCore is there at all.
 * @param zone Time zone in which expressions read wall-clock and calendar values of instants.
 * @param embedded The embedded runtime.
 * @param connectors Options that all jobs have, by connector and option.
 * @param state Where keyed state lives.
 * @param deadLetters Records that could not be processed.
 * @param checkpoints Where state is made safe.
 * @param store Where jobs are kept, so that they outlive the application.
 * @param jobs Jobs that are submitted when the application starts.
 * @param timeTravel What looking into the past of jobs may take.
 * @param shutdown What becomes of running jobs when the application ends.
 * @param metrics Meters for Micrometer.
 */
@ConfigurationProperties("fluxcore")
public record FluxCoreProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("UTC") ZoneId zone,
    @DefaultValue Embedded embedded,
    @DefaultValue Map<String, Map<String, Object>> connectors,
    @DefaultValue State state,
    @DefaultValue DeadLetters deadLetters,
    @DefaultValue Checkpoints checkpoints,
    @DefaultValue Store store,
    @DefaultValue Jobs jobs,
    @DefaultValue TimeTravel timeTravel,
    @DefaultValue Shutdown shutdown,
    @DefaultValue Metrics metrics) {

  /** Without the values of connectors, among which passwords are. */
  @Override
  public String toString() {
    return "FluxCoreProperties[connectors=" + connectors.keySet() + ", state=" + state + "]";
  }

  /** The directory for checkpoints, if they are kept in one. */
  @Nullable Path checkpointDirectory() {
    Path inStore = store.directory();
    if (checkpoints.directory() != null || inStore == null || store.url() != null) {
      return checkpoints.directory();
    }
    return store.useDataSource() ? null : inStore.resolve("checkpoints");
  }

  /**
   * The embedded runtime.
   *
   * @param channelSize Bound of the rows under way between two tasks.
   * @param discoveryInterval How often unbounded sources are asked for new splits.
   */
  public record Embedded(
      @DefaultValue("1MB") DataSize channelSize, @DefaultValue("30s") Duration discoveryInterval) {
    public Embedded {
      check(channelSize.toBytes() > 0, "embedded.channel-size", channelSize, "more than 0B");
      check(
          positive(discoveryInterval), "embedded.discovery-interval", discoveryInterval, "1ms up");
    }
  }

  /**
   * Where keyed state lives.
   *
   * @param backend Name of the state backend of jobs that name none.
   * @param rocksdb State in RocksDB, for which org.rocksdb:rocksdbjni must be on the class path.
   * @param redis State in Redis, for which io.lettuce:lettuce-core must be on the class path.
   */
  public record State(
      @DefaultValue("heap") String backend,
      @DefaultValue RocksDb rocksdb,
      @DefaultValue Redis redis) {}

  /**
   * State in Redis. The limits are for all jobs together.
   *
   * @param uri Address: redis://host:port/database, rediss:// with TLS, or
   *     redis-sentinel://host:port/database#name. In the place of host, port, database and tls.
   * @param host Host of Redis.
   * @param port Port of Redis.
   * @param database Number of the database in Redis.
   * @param tls Whether the connection is encrypted.
   * @param username User of Redis. The default one unless given.
   * @param password Password of that user.
   * @param timeout How long an answer may take before the job fails.
   * @param keyPrefix What the names of all keys begin with; the same for all processes that share a
   *     Redis.
   * @param batchSize Most commands that are sent together.
   * @param cache Heap for the state that is worked on. A quarter of the heap unless given.
   * @param lease How long a process may be silent before what it keeps in Redis is removed.
   */
  public record Redis(
      @Nullable String uri,
      @DefaultValue("localhost") String host,
      @DefaultValue("6379") int port,
      @DefaultValue("0") int database,
      @DefaultValue("false") boolean tls,
      @Nullable String username,
      @Nullable String password,
      @DefaultValue("10s") Duration timeout,
      @DefaultValue("fluxcore:state:") String keyPrefix,
      @DefaultValue("2000") int batchSize,
      @Nullable DataSize cache,
      @DefaultValue("60s") Duration lease) {
    public Redis {
      check(port > 0 && port < 65_536, "state.redis.port", port, "1 to 65535");
      check(database >= 0, "state.redis.database", database, "0 or more");
      check(positive(timeout), "state.redis.timeout", timeout, "1ms up");
      check(!keyPrefix.isEmpty(), "state.redis.key-prefix", "''", "a text");
      check(batchSize > 0, "state.redis.batch-size", batchSize, "1 or more");
      check(
          cache == null || !cache.isNegative(),
          "state.redis.cache",
          String.valueOf(cache),
          "0B up");
      check(lease.toMillis() >= 500, "state.redis.lease", lease, "500ms up");
    }

    /** The same for the adapter. */
    RedisStateSettings settings() {
      RedisStateSettings usual =
          RedisStateSettings.at(
              uri == null ? RedisStateSettings.uri(host, port, database, tls) : uri);
      return usual
          .withAccess(username, password)
          .withKeyPrefix(keyPrefix)
          .withBatchSize(batchSize)
          .withCacheBytes(cache == null ? usual.cacheBytes() : cache.toBytes())
          .withTimes(timeout, lease);
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Redis[" + settings() + "]";
    }
  }

  /**
   * State in RocksDB. The limits are for all jobs together.
   *
   * @param directory Where state is kept while jobs run. In the directory of temporary files unless
   *     given.
   * @param memory Native memory: cached blocks, indexes, filters and write buffers.
   * @param cache Heap for the state that is worked on. A quarter of the heap unless given.
   */
  public record RocksDb(
      @Nullable Path directory, @DefaultValue("256MB") DataSize memory, @Nullable DataSize cache) {
    public RocksDb {
      check(memory.toMegabytes() >= 1, "state.rocksdb.memory", memory, "1MB or more");
      check(
          cache == null || !cache.isNegative(),
          "state.rocksdb.cache",
          String.valueOf(cache),
          "0B up");
    }
  }

  /**
   * Records that could not be processed.
   *
   * @param kept How many are kept in memory for each job, the newest; older ones are counted and
   *     forgotten. Without effect where there is a file.
   * @param file File that they are appended to, a line of JSON each. Kept in memory unless given.
   */
  public record DeadLetters(@DefaultValue("10000") int kept, @Nullable Path file) {
    public DeadLetters {
      check(kept > 0, "dead-letters.kept", kept, "1 or more");
    }
  }

  /**
   * Where state is made safe.
   *
   * @param directory Directory for checkpoints and savepoints. Unless given: checkpoints in the
   *     directory of the store, where that is set; otherwise they are kept in memory.
   * @param shared Whether other servers see the same directory under the same path.
   * @param s3 A bucket in place of a directory.
   */
  public record Checkpoints(
      @Nullable Path directory, @DefaultValue("false") boolean shared, @DefaultValue S3 s3) {}

  /**
   * Checkpoints in a bucket of Amazon S3, or of a store that speaks its protocol, for which
   * software.amazon.awssdk:s3 and :url-connection-client must be on the class path.
   *
   * @param bucket Name of the bucket, which must be there. Goes before a directory, where both are
   *     set.
   * @param prefix What all keys in the bucket begin with.
   * @param endpoint Address of a store that is not Amazon's.
   * @param region Region of the bucket. Unless given: the one that the AWS SDK finds, or us-east-1
   *     where there is an endpoint.
   * @param pathStyle Whether the bucket is in the path of addresses rather than in the name of the
   *     host. Unless given: where there is an endpoint.
   * @param accessKey Access key. Unless given, the AWS SDK looks for credentials in the
   *     environment, in ~/.aws and on the machine.
   * @param secretKey Secret key that belongs to the access key.
   * @param sessionToken Session token of credentials that are temporary.
   * @param requestTimeout How long one request may take, before it is tried again.
   */
  public record S3(
      @Nullable String bucket,
      @DefaultValue("") String prefix,
      @Nullable URI endpoint,
      @Nullable String region,
      @Nullable Boolean pathStyle,
      @Nullable String accessKey,
      @Nullable String secretKey,
      @Nullable String sessionToken,
      @DefaultValue("1m") Duration requestTimeout) {
    public S3 {
      check(
          (accessKey == null) == (secretKey == null),
          "checkpoints.s3." + (accessKey == null ? "access-key" : "secret-key"),
          "one of the pair alone",
          "the other one");
    }
  }

  /**
   * Where jobs are kept, so that they outlive the application: in one of three places, of which the
   * first that is set counts. Kept in memory unless one is.
   *
   * @param useDataSource Whether jobs are kept in the application's DataSource, in tables called
   *     fluxcore_…
   * @param url Database of its own: jdbc:postgresql://host/name, which several servers may share,
   *     or jdbc:h2:file:/path.
   * @param username User of that database.
   * @param password Password of that user.
   * @param directory Directory for an H2 database in a file, which serves one process.
   * @param lease How long a server that does not answer keeps its jobs from the others.
   * @param server Name of this server among those that share the database, the same in all its
   *     lives. A server that has one goes on with its jobs at once when it starts again; never give
   *     two that run at the same time the same one.
   */
  public record Store(
      @DefaultValue("false") boolean useDataSource,
      @Nullable String url,
      @Nullable String username,
      @Nullable String password,
      @Nullable Path directory,
      @DefaultValue("10s") Duration lease,
      @Nullable String server) {
    public Store {
      check(lease.compareTo(Duration.ofSeconds(1)) >= 0, "store.lease", lease, "1s or more");
    }

    /** Whether jobs outlive the application. */
    public boolean isDurable() {
      return useDataSource || url != null || directory != null;
    }
  }

  /**
   * Jobs that are submitted when the application starts: beans of type FluxCoreJob, and files.
   *
   * @param submit Whether declared jobs are submitted when the application starts.
   * @param locations Job files: locations of resources such as classpath:jobs/orders.yaml or
   *     file:/etc/app/*.yaml. A location without a pattern must exist.
   * @param parameters Values of parameters of job files, by name; a file takes those that it has.
   */
  public record Jobs(
      @DefaultValue("true") boolean submit,
      @DefaultValue List<String> locations,
      @DefaultValue Map<String, String> parameters) {
    public Jobs {
      locations = List.copyOf(locations);
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * What looking into the past of jobs may take.
   *
   * @param maxDuration How long a job is replayed at most to show the state that it had.
   * @param maxBytes State of a view at most, and of all views that are kept.
   * @param maxRuns Jobs that are replayed so at once.
   */
  public record TimeTravel(
      @DefaultValue("1m") Duration maxDuration,
      @DefaultValue("256MB") DataSize maxBytes,
      @DefaultValue("2") int maxRuns) {
    public TimeTravel {
      check(positive(maxDuration), "time-travel.max-duration", maxDuration, "1ms up");
      check(maxBytes.toBytes() > 0, "time-travel.max-bytes", maxBytes, "more than 0B");
      check(maxRuns > 0, "time-travel.max-runs", maxRuns, "1 or more");
    }

    TimeTravelSettings settings() {
      return new TimeTravelSettings(maxDuration, maxBytes.toBytes(), maxRuns);
    }
  }

  /**
   * What becomes of running jobs when the application ends.
   *
   * @param mode Whether jobs go on from their state when the application starts again (keep), what
   *     was read is still processed and open windows give their results (stop), or jobs end at once
   *     (cancel). Unless given: keep where jobs are kept in a database, otherwise stop.
   * @param timeout How long jobs may take to stop; those that still run then are cancelled. To be
   *     shorter than spring.lifecycle.timeout-per-shutdown-phase.
   * @param phase Phase of Spring's life cycle: what has a lower one is there before jobs start and
   *     until they have ended. The default is below web servers and listeners of brokers.
   */
  public record Shutdown(
      @Nullable ShutdownMode mode,
      @DefaultValue("20s") Duration timeout,
      @DefaultValue("2147475455") int phase) {
    public Shutdown {
      check(!timeout.isNegative(), "shutdown.timeout", timeout, "0s or more");
    }
  }

  /** How running jobs are ended. */
  public enum ShutdownMode {
    /** Their state is made safe; they go on from it when the application starts again. */
    KEEP,
    /** Sources stop; what was read is processed, and open windows give their results. */
    STOP,
    /** At once. */
    CANCEL
  }

  /**
   * Meters for Micrometer.
   *
   * @param enabled Whether there are meters of jobs.
   * @param maxJobs Jobs that have meters at most; further ones are only counted.
   * @param maxOperators Operators of a job that have meters at most, in the order of its plan.
   * @param refreshInterval How often jobs are read.
   * @param endedJobRetention How long the meters of a job stay after its end.
   */
  public record Metrics(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("100") int maxJobs,
      @DefaultValue("100") int maxOperators,
      @DefaultValue("2s") Duration refreshInterval,
      @DefaultValue("5m") Duration endedJobRetention) {
    public Metrics {
      check(maxJobs >= 0, "metrics.max-jobs", maxJobs, "0 or more");
      check(maxOperators >= 0, "metrics.max-operators", maxOperators, "0 or more");
      check(positive(refreshInterval), "metrics.refresh-interval", refreshInterval, "1ms up");
      check(
          !endedJobRetention.isNegative(),
          "metrics.ended-job-retention",
          endedJobRetention,
          "0s or more");
    }
  }

  private static boolean positive(Duration duration) {
    return duration.compareTo(Duration.ofMillis(1)) >= 0;
  }

  private static void check(boolean fits, String property, Object value, String range) {
    if (!fits) {
      throw FluxCoreException.user(
          "FLX-BOOT-0001",
          Place.of("fluxcore." + property),
          value + " cannot be used",
          "set it to " + range);
    }
  }
}
