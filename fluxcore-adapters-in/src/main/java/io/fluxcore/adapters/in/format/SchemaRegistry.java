package io.fluxcore.adapters.in.format;

import io.fluxcore.adapters.in.format.RegisteredSchema.Reference;
import io.fluxcore.application.schemaregistry.RegistryClient;
import io.fluxcore.application.schemaregistry.RegistryClient.Answer;
import io.fluxcore.application.schemaregistry.RegistryOptions;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a registry, kept once they are known: those of a number never change. While the
 * registry does not answer, {@link #byId} waits for it, since the messages that need the schema are
 * not bad. Thread-safe.
 */
final class SchemaRegistry {
  static final String UNKNOWN_ID = "FLX-FORMAT-0020";
  static final String BAD_SCHEMA = "FLX-FORMAT-0021";
  private static final String UNREACHABLE = "FLX-REGISTRY-0003";
  private static final String UNKNOWN_SUBJECT = "FLX-REGISTRY-0004";
  private static final String UNEXPECTED = "FLX-REGISTRY-0005";
  private static final String INTERRUPTED = "FLX-REGISTRY-0006";

  private static final System.Logger LOG = System.getLogger(SchemaRegistry.class.getName());
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 5_000;

  /** Whoever asks for a plan waits no longer than this for a registry that is just starting. */
  private static final int TRIES_FOR_A_PLAN = 5;

  /** A schema may be registered after the first message that was written with it has come. */
  private static final long UNKNOWN_NANOS = 10_000_000_000L;

  private final RegistryClient client;
  private final Map<Integer, RegisteredSchema> byId = new HashMap<>();
  private final Map<Integer, Long> unknownSince = new HashMap<>();

  SchemaRegistry(RegistryOptions options) {
    this.client = new RegistryClient(options);
  }

  /**
   * The schema of a number; waits while the registry does not answer.
   *
   * @throws BadValue if the registry has none
   */
  synchronized RegisteredSchema byId(int id) {
    RegisteredSchema known = byId.get(id);
    if (known != null) {
      return known;
    }
    Long since = unknownSince.get(id);
    if (since == null || System.nanoTime() - since > UNKNOWN_NANOS) {
      known = ask("schema " + id, Integer.MAX_VALUE, () -> fetch(id));
      if (known != null) {
        byId.put(id, known);
        unknownSince.remove(id);
        return known;
      }
      if (unknownSince.size() > 10_000) {
        unknownSince.clear();
      }
      unknownSince.put(id, System.nanoTime());
    }
    throw new BadValue(UNKNOWN_ID, "schema " + id + " is unknown to the registry " + client);
  }

  private @Nullable RegisteredSchema fetch(int id) throws IOException, InterruptedException {
    // Other types than Protobuf do not know this form and give their only one.
    Map<String, @Nullable Object> answer = object("/schemas/ids/" + id + "?format=serialized");
    return answer == null ? null : schema(id, answer);
  }

  /**
   * The latest schema of a subject.
   *
   * @throws FluxCoreException if the registry does not answer, or has no such subject
   */
  RegisteredSchema latest(String subject) {
    RegisteredSchema latest =
        ask(
            "subject '" + subject + "'",
            TRIES_FOR_A_PLAN,
            () -> {
              Map<String, @Nullable Object> answer =
                  object("/subjects/" + escape(subject) + "/versions/latest?format=serialized");
              return answer != null && answer.get("id") instanceof Number id
                  ? schema(id.intValue(), answer)
                  : null;
            });
    if (latest == null) {
      throw FluxCoreException.user(
          UNKNOWN_SUBJECT,
          Place.of("subject"),
          "the registry " + client + " has no subject '" + subject + "'",
          "register a schema under it, or give the option schema");
    }
    return latest;
  }

  private RegisteredSchema schema(int id, Map<String, @Nullable Object> answer)
      throws IOException, InterruptedException {
    Object type = answer.get("schemaType");
    Map<String, String> references = new LinkedHashMap<>();
    references(answer, references, new HashSet<>());
    List<Reference> list = new ArrayList<>();
    references.forEach((name, text) -> list.add(new Reference(name, text)));
    return new RegisteredSchema(
        id, type == null ? "AVRO" : type.toString(), String.valueOf(answer.get("schema")), list);
  }

  private void references(
      Map<String, @Nullable Object> schema, Map<String, String> found, Set<String> asked)
      throws IOException, InterruptedException {
    if (!(schema.get("references") instanceof List<?> references)) {
      return;
    }
    for (Object one : references) {
      if (one instanceof Map<?, ?> reference) {
        String path =
            "/subjects/"
                + escape(String.valueOf(reference.get("subject")))
                + "/versions/"
                + reference.get("version")
                + "?format=serialized";
        if (asked.add(path)) {
          Map<String, @Nullable Object> answer = object(path);
          if (answer != null) {
            references(answer, found, asked);
            found.put(String.valueOf(reference.get("name")), String.valueOf(answer.get("schema")));
          }
        }
      }
    }
  }

  /** What the registry says; null where it has no such thing. */
  private @Nullable Map<String, @Nullable Object> object(String path)
      throws IOException, InterruptedException {
    Answer answer = client.get(path);
    if (answer.status() == 404) {
      return null;
    }
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    if (!answer.isOk() || JsonSyntax.problem(body) != null) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          Diagnostic.error(
              UNEXPECTED,
              Place.of(RegistryOptions.URL),
              client
                  + " answers "
                  + answer.status()
                  + " to "
                  + path
                  + ": "
                  + BadValue.shorten(answer.body()),
              "give the address of a schema registry of Confluent's API"));
    }
    return JsonValues.members(body);
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A question to the registry. */
  @FunctionalInterface
  private interface Question {
    @Nullable RegisteredSchema ask() throws IOException, InterruptedException;
  }

  private @Nullable RegisteredSchema ask(String what, int tries, Question question) {
    long wait = FIRST_WAIT_MILLIS;
    boolean told = false;
    for (int attempt = 1; ; attempt++) {
      try {
        RegisteredSchema answer = question.ask();
        if (told) {
          LOG.log(System.Logger.Level.INFO, "the schema registry {0} answers again", client);
        }
        return answer;
      } catch (IOException e) {
        if (attempt >= tries) {
          throw unanswered(UNREACHABLE, what, e);
        }
        if (!told) {
          LOG.log(
              System.Logger.Level.WARNING,
              "the schema registry does not answer ({0}); waiting for {1}",
              e.getMessage(),
              what);
          told = true;
        }
        sleep(what, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unanswered(INTERRUPTED, what, e);
      }
    }
  }

  private void sleep(String what, long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unanswered(INTERRUPTED, what, e);
    }
  }

  private FluxCoreException unanswered(String code, String what, Exception cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                code,
                Place.of(RegistryOptions.URL),
                "no answer of the schema registry about " + what + ": " + cause.getMessage(),
                "start the registry, or mend its address")),
        cause);
  }
}
