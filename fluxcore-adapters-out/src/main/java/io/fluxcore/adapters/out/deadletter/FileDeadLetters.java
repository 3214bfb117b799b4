package io.fluxcore.adapters.out.deadletter;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterCounts;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.deadletter.DeadLetterPage;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Appends each letter to a file as a line of JSON before the job goes on, so that a letter is not
 * lost with the process. The file is made with the first letter. Original bytes that are UTF-8 are
 * {@code text}, others {@code base64}. When the job goes back to a checkpoint, a line {@code
 * takenBack} says how many of the letters before it are read again.
 *
 * <p>The file is a record of what failed and is not read again: letters are listed, mended and
 * replayed from the newest ones, which are kept in memory.
 */
public final class FileDeadLetters implements DeadLetters, AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int KEPT_IN_MEMORY = 1_000;

  private final Supplier<Path> file;
  private final DeadLetters newest;
  private @Nullable OutputStream out;

  /**
   * Letters in a file.
   *
   * @param file names it, when there is a letter
   */
  public FileDeadLetters(Supplier<Path> file) {
    this(file, new InMemoryDeadLetters(KEPT_IN_MEMORY));
  }

  /**
   * Letters in a file.
   *
   * @param newest keeps the newest for those who look at them
   */
  public FileDeadLetters(Supplier<Path> file, DeadLetters newest) {
    this.file = file;
    this.newest = newest;
  }

  /**
   * Writes a letter down.
   *
   * @throws FluxCoreException if the file cannot be written: rather than lose a record the job
   *     fails
   */
  @Override
  public synchronized DeadLetter add(DeadLetter letter) {
    append(line(letter));
    return newest.add(letter);
  }

  private void append(byte[] line) {
    try {
      if (out == null) {
        out = open(file.get());
      }
      out.write(line);
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
  }

  private static OutputStream open(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static byte[] line(DeadLetter letter) {
    ObjectNode json = JSON.createObjectNode();
    json.put("job", letter.jobId().toString());
    json.put("operator", letter.operatorId());
    json.put("time", letter.failure().time().toString());
    json.put("code", letter.failure().code());
    json.put("error", letter.failure().message());
    json.put("attempts", letter.failure().attempts());
    putIfAny(json, "source", letter.origin().source());
    putIfAny(json, "split", letter.origin().split());
    putIfAny(json, "coordinates", letter.origin().position());
    DeadLetter.Row row = letter.original().row();
    if (row != null) {
      if (row.timestamp() != Long.MIN_VALUE) {
        json.put("timestamp", Instant.ofEpochMilli(row.timestamp()).toString());
      }
      json.set("row", JSON.valueToTree(row.fields()));
    }
    byte[] bytes = letter.original().bytes();
    if (bytes != null) {
      original(json, bytes);
    }
    return line(json);
  }

  private static void putIfAny(ObjectNode json, String name, String text) {
    if (!text.isEmpty()) {
      json.put(name, text);
    }
  }

  private static byte[] takenBack(JobId job, long letters) {
    return line(JSON.createObjectNode().put("job", job.toString()).put("takenBack", letters));
  }

  private static byte[] line(ObjectNode json) {
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void original(ObjectNode json, byte[] bytes) {
    try {
      json.put(
          "text", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      json.put("base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  @Override
  public Optional<DeadLetter> find(long id) {
    return newest.find(id);
  }

  @Override
  public DeadLetterPage list(DeadLetterFilter filter, long after, int limit) {
    return newest.list(filter, after, limit);
  }

  @Override
  public long count(DeadLetterFilter filter) {
    return newest.count(filter);
  }

  @Override
  public Optional<DeadLetter> change(long id, UnaryOperator<DeadLetter> change) {
    return newest.change(id, change);
  }

  @Override
  public boolean discard(long id) {
    return newest.discard(id);
  }

  @Override
  public synchronized void restored(JobId jobId, long checkpoint) {
    long before = newest.counts(jobId).takenBack();
    newest.restored(jobId, checkpoint);
    long takenBack = newest.counts(jobId).takenBack() - before;
    if (takenBack > 0) {
      append(takenBack(jobId, takenBack));
    }
  }

  @Override
  public DeadLetterCounts counts(JobId jobId) {
    return newest.counts(jobId);
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
