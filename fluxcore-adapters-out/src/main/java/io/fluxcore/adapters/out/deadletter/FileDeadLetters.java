package io.fluxcore.adapters.out.deadletter;

import io.fluxcore.application.runtime.DeadLetter;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Appends each letter to a file as a line of JSON before the job goes on, so that a letter is not
 * lost with the process. The file is made with the first letter. Original bytes that are UTF-8 are
 * {@code text}, others {@code base64}. Keeps the newest letters in memory too, for {@link #of}.
 */
public final class FileDeadLetters implements DeadLetters, AutoCloseable {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
  private static final int KEPT_IN_MEMORY = 1_000;

  private final Supplier<Path> file;
  private final Map<JobId, Deque<DeadLetter>> newest = new HashMap<>();
  private final Map<JobId, Long> counts = new HashMap<>();
  private @Nullable OutputStream out;

  /**
   * Letters in a file.
   *
   * @param file names it, when there is a letter
   */
  public FileDeadLetters(Supplier<Path> file) {
    this.file = file;
  }

  /**
   * Writes a letter down.
   *
   * @throws FluxCoreException if the file cannot be written: rather than lose a record the job
   *     fails
   */
  @Override
  public synchronized void add(DeadLetter letter) {
    try {
      if (out == null) {
        out = open(file.get());
      }
      out.write(line(letter));
      out.flush();
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.RESOURCE,
          List.of(
              Diagnostic.error(
                  "FLX-DEADLETTER-0001",
                  Place.WHOLE,
                  "a record that could not be processed cannot be kept in " + file.get() + ": " + e,
                  "make room, name another file, or set the error policy to skip or fail")),
          e);
    }
    counts.merge(letter.jobId(), 1L, Long::sum);
    Deque<DeadLetter> kept = newest.computeIfAbsent(letter.jobId(), id -> new ArrayDeque<>());
    kept.addLast(letter);
    if (kept.size() > KEPT_IN_MEMORY) {
      kept.removeFirst();
    }
  }

  private static OutputStream open(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static byte[] line(DeadLetter letter) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeStringProperty("job", letter.jobId().toString());
      json.writeStringProperty("operator", letter.operatorId());
      json.writeStringProperty("time", letter.time().toString());
      json.writeStringProperty("code", letter.code());
      json.writeStringProperty("error", letter.message());
      json.writeNumberProperty("attempts", letter.attempts());
      if (!letter.coordinates().isEmpty()) {
        json.writeStringProperty("coordinates", letter.coordinates());
      }
      if (letter.row() != null) {
        json.writeStringProperty("row", letter.row());
      }
      if (letter.bytes() != null) {
        original(json, letter.bytes());
      }
      json.writeEndObject();
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static void original(JsonGenerator json, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      json.writeStringProperty("text", text);
    } catch (CharacterCodingException e) {
      json.writeStringProperty("base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  @Override
  public synchronized List<DeadLetter> of(JobId jobId) {
    Deque<DeadLetter> kept = newest.get(jobId);
    return kept == null ? List.of() : List.copyOf(kept);
  }

  @Override
  public synchronized long count(JobId jobId) {
    return counts.getOrDefault(jobId, 0L);
  }

  @Override
  public synchronized void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        // Every letter was flushed when it was written.
        out = null;
      }
    }
  }
}
