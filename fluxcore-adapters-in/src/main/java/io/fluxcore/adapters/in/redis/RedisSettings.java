package io.fluxcore.adapters.in.redis;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.connector.TlsOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is read, and from where on.
 *
 * @param uri of Redis, without user and password
 * @param streams their keys
 * @param startId the entry behind which a first start begins, or null
 * @param bounded whether reading ends with what is there when it begins
 * @param payload the field of entries that holds the message; null: their fields are the event's
 * @param timeout of an answer
 * @param user null: the default one
 */
record RedisSettings(
    String uri,
    List<String> streams,
    StartFrom startFrom,
    @Nullable EntryId startId,
    boolean bounded,
    LostEntries lostEntries,
    @Nullable String payload,
    Duration timeout,
    @Nullable String user,
    Secret password,
    TlsOptions tls) {
  /** What fields may be made of beside key, timestamp and headers. */
  static final List<String> PARTS = List.of("stream", "id");

  private static final String URI_OPTION = "uri";
  private static final String STREAM = "stream";
  private static final String START_FROM = "startFrom";
  private static final String START_ID = "startId";
  private static final String BOUNDED = "bounded";
  private static final String LOST_ENTRIES = "onLostEntries";
  private static final String PAYLOAD = "payload";
  private static final String TIMEOUT = "timeout";
  private static final String USER = "user";
  private static final String PASSWORD = "password";

  /** Where a first start begins. */
  enum StartFrom {
    EARLIEST,
    LATEST,
    ID
  }

  /** What happens when the next entries are not there any more. */
  enum LostEntries {
    FAIL,
    EARLIEST,
    LATEST
  }

  /** The options beside those of formats, in the order of the documentation. */
  static List<OptionSpec> specs() {
    return List.of(
        OptionSpec.optional(
                URI_OPTION,
                OptionSpec.Type.STRING,
                "redis://localhost:6379/0",
                "Address of Redis, `rediss://` with TLS; without password.")
            .asAddress(),
        OptionSpec.required(
            STREAM, OptionSpec.Type.LIST, "The stream, or several with commas between."),
        OptionSpec.oneOf(
            START_FROM,
            List.of("earliest", "latest", "id"),
            "earliest",
            "Where a start without a checkpoint begins: with the oldest entry that is there, with"
                + " the next one, or behind `startId`."),
        OptionSpec.optional(
            START_ID,
            OptionSpec.Type.STRING,
            null,
            "For `startFrom: id`: the entry behind which reading begins, such as"
                + " `1526919030474-55`, or epoch milliseconds."),
        OptionSpec.optional(
            BOUNDED,
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether reading ends with what is there when it begins."),
        OptionSpec.oneOf(
            LOST_ENTRIES,
            List.of("fail", "earliest", "latest"),
            "fail",
            "What happens when entries were trimmed or deleted before they were read, or a stream"
                + " was made anew: the job fails, or reading goes on with the oldest entry or the"
                + " next one, and a warning says how many are lost."),
        OptionSpec.optional(
            PAYLOAD,
            OptionSpec.Type.STRING,
            null,
            "The field of entries that holds the message, which is written as `format` says; their"
                + " other fields are its headers. Without it the fields of entries are those of"
                + " events, as texts."),
        OptionSpec.optional(
            TIMEOUT, OptionSpec.Type.DURATION, "10s", "How long an answer is waited for."));
  }

  /** Who comes, and how connections are encrypted. */
  static List<OptionSpec> accessSpecs() {
    List<OptionSpec> specs = new ArrayList<>();
    specs.add(
        OptionSpec.optional(
            USER,
            OptionSpec.Type.STRING,
            null,
            "User of the access control lists, unless it is the default one."));
    specs.addAll(Secret.specs(PASSWORD, "The password"));
    specs.addAll(TlsOptions.specs());
    return specs;
  }

  static RedisSettings of(ConnectorOptions options, OptionProblems problems) {
    String uri = options.string(URI_OPTION);
    String scheme = scheme(uri, problems);
    List<String> streams = options.list(STREAM).stream().distinct().toList();
    if (streams.isEmpty() || streams.contains("")) {
      problems.add(STREAM, "a stream has no name", "name the keys of streams");
    }
    StartFrom start = StartFrom.valueOf(options.string(START_FROM).toUpperCase(Locale.ROOT));
    if (options.duration(TIMEOUT).toMillis() < 1) {
      problems.add(TIMEOUT, "an answer needs time", "give one such as 10s");
    }
    String payload = options.optionalString(PAYLOAD);
    if (payload != null && payload.isEmpty()) {
      problems.add(PAYLOAD, "a field has a name", "name one, or leave the option out");
    }
    Secret password = Secret.of(options, PASSWORD, problems);
    if (options.has(USER) && !password.isGiven()) {
      problems.add(PASSWORD, "it is missing beside the user", "give both, or the password alone");
    }
    return new RedisSettings(
        uri,
        streams,
        start,
        startId(options, start, problems),
        options.bool(BOUNDED),
        LostEntries.valueOf(options.string(LOST_ENTRIES).toUpperCase(Locale.ROOT)),
        payload,
        options.duration(TIMEOUT),
        options.optionalString(USER),
        password,
        TlsOptions.of(options, scheme.equals("rediss") || options.bool("tls"), problems));
  }

  private static @Nullable EntryId startId(
      ConnectorOptions options, StartFrom start, OptionProblems problems) {
    String text = options.optionalString(START_ID);
    if (start == StartFrom.ID && text == null) {
      problems.add(START_ID, "startFrom is 'id', and it is missing", "give it");
    } else if (start != StartFrom.ID && text != null) {
      problems.add(START_ID, "it is for startFrom: id", "set that, or leave the option out");
    }
    try {
      return text == null ? null : EntryId.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add(
          START_ID,
          "'" + text + "' is no id of an entry",
          "write for example 1526919030474-55, or epoch milliseconds");
      return null;
    }
  }

  private static String scheme(String text, OptionProblems problems) {
    try {
      URI uri = new URI(text);
      if (uri.getRawUserInfo() != null) {
        problems.add(
            URI_OPTION,
            "it holds a user or password, which would show wherever the address does",
            "give them in the options 'user', and 'password' or 'passwordFile'");
        return "";
      }
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null && (scheme.equals("redis") || scheme.equals("rediss"))) {
        return scheme;
      }
    } catch (URISyntaxException e) {
      // Told below with those of another kind.
    }
    problems.add(
        URI_OPTION,
        "'" + text + "' is no address of Redis",
        "give such as redis://host:6379/0, or rediss://… for TLS");
    return "";
  }

  @Override
  public String toString() {
    return String.join(", ", streams) + " at " + uri;
  }
}
