package io.fluxcore.adapters.out.influxdb;

import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.adapters.out.http.HttpOptions;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where points go, and what they are made of.
 *
 * @param database of version 1, or null
 * @param retentionPolicy of version 1, or null: its default one
 * @param organisation of version 2, or null
 * @param bucket of version 2, or null
 * @param measurement of a row
 * @param tags ordinals of the fields that are tags
 * @param fields ordinals of the fields that are fields
 * @param timeField ordinal of the field with the time, or -1: it is the event's
 */
record InfluxOptions(
    URI url,
    @Nullable String database,
    @Nullable String retentionPolicy,
    @Nullable String organisation,
    @Nullable String bucket,
    RowTemplate measurement,
    int[] tags,
    int[] fields,
    int timeField,
    Precision precision,
    int batchSize,
    boolean gzip,
    Duration timeout,
    Duration retryTimeout,
    @Nullable String user,
    Secret password,
    Secret token,
    TlsTrust tls) {
  private static final int MAX_BATCH = 100_000;
  private static final URI NONE = URI.create("http://invalid");

  /** How exactly times are told; those that agree in it are one. */
  enum Precision {
    NS("n", "ns"),
    US("u", "us"),
    MS("ms", "ms"),
    S("s", "s");

    private final String v1;
    private final String v2;

    Precision(String v1, String v2) {
      this.v1 = v1;
      this.v2 = v2;
    }

    static Precision of(String text) {
      for (Precision precision : values()) {
        if (precision.v2.equals(text)) {
          return precision;
        }
      }
      throw new IllegalArgumentException(text);
    }

    long ofMicros(long micros) {
      return switch (this) {
        case NS -> Math.multiplyExact(micros, 1_000L);
        case US -> micros;
        case MS -> Math.floorDiv(micros, 1_000L);
        case S -> Math.floorDiv(micros, 1_000_000L);
      };
    }
  }

  static InfluxOptions of(ConnectorOptions options, Schema schema, OptionProblems problems) {
    URI url = HttpOptions.url("url", options.string("url"), problems);
    String database = options.optionalString("database");
    String bucket = options.optionalString("bucket");
    String organisation = options.optionalString("org");
    if ((database == null) == (bucket == null)) {
      problems.add(
          "database",
          database == null ? "there is neither a database nor a bucket" : "there is a bucket too",
          "give a database for version 1, or bucket and org for version 2");
    }
    if (bucket != null && organisation == null) {
      problems.add("org", "a bucket belongs to an organisation", "give it");
    }
    Secret token = Secret.of(options, "token", problems);
    Secret password = Secret.of(options, "password", problems);
    String user = options.optionalString("user");
    if (token.isGiven() && (user != null || password.isGiven())) {
      problems.add("token", "there is a user or password beside", "give one of the two");
    }
    if (user == null && password.isGiven()) {
      problems.add("user", "it is missing beside the password", "give both, or neither");
    }
    int[] tags = ordinals("tags", options.list("tags"), schema, problems);
    int timeField = time(options.optionalString("timeField"), schema, problems);
    int[] fields =
        options.list("fields").isEmpty()
            ? IntStream.range(0, schema.size())
                .filter(i -> i != timeField && IntStream.of(tags).noneMatch(tag -> tag == i))
                .toArray()
            : ordinals("fields", options.list("fields"), schema, problems);
    if (fields.length == 0) {
      problems.add("fields", "a point has at least one", "leave a field that is no tag");
    }
    problems.range("batchSize", options.integer("batchSize"), 1, MAX_BATCH);
    if (options.duration("timeout").toMillis() < 1) {
      problems.add("timeout", "a request needs time", "give one such as 30s");
    }
    return new InfluxOptions(
        url == null ? NONE : url,
        database,
        options.optionalString("retentionPolicy"),
        organisation,
        bucket,
        RowTemplate.of("measurement", options.string("measurement"), schema, problems),
        tags,
        fields,
        timeField,
        Precision.of(options.string("precision")),
        (int) options.integer("batchSize"),
        options.bool("gzip"),
        options.duration("timeout"),
        options.duration("retryTimeout"),
        user,
        password,
        token,
        TlsTrust.of(options, problems));
  }

  private static int[] ordinals(
      String option, List<String> names, Schema schema, OptionProblems problems) {
    return names.stream().mapToInt(name -> ordinal(option, name, schema, problems)).toArray();
  }

  private static int ordinal(String option, String name, Schema schema, OptionProblems problems) {
    int ordinal = schema.indexOf(name);
    if (ordinal < 0) {
      problems.add(
          option,
          "there is no field '" + name + "'",
          "fields are " + String.join(", ", schema.fieldNames()));
    }
    return ordinal;
  }

  private static int time(@Nullable String name, Schema schema, OptionProblems problems) {
    if (name == null) {
      return -1;
    }
    int ordinal = ordinal("timeField", name, schema, problems);
    if (ordinal >= 0
        && schema.type(ordinal).kind() != DataType.Kind.TIMESTAMP
        && schema.type(ordinal).kind() != DataType.Kind.TIMESTAMP_TZ) {
      problems.add(
          "timeField",
          "field '" + name + "' is a " + schema.type(ordinal),
          "name a field that is a timestamp");
    }
    return ordinal;
  }

  boolean isV2() {
    return bucket != null;
  }

  /** Where points are posted. */
  URI write() {
    StringBuilder text = new StringBuilder(base());
    if (isV2()) {
      text.append("/api/v2/write?");
      parameter(text, "org", organisation);
      parameter(text, "bucket", bucket);
      parameter(text, "precision", precision.v2);
    } else {
      text.append("/write?");
      parameter(text, "db", database);
      parameter(text, "rp", retentionPolicy);
      parameter(text, "precision", precision.v1);
    }
    return URI.create(text.toString());
  }

  private String base() {
    String text = url.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static void parameter(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(text.charAt(text.length() - 1) == '?' ? "" : "&")
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return (isV2() ? "bucket '" + bucket : "database '" + database) + "' at " + url;
  }
}
