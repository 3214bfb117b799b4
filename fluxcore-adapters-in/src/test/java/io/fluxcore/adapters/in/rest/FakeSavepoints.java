package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.SavepointContents;
import io.fluxcore.application.SavepointContents.OperatorContents;
import io.fluxcore.application.SavepointContents.SplitContents;
import io.fluxcore.application.SavepointContents.StateContents;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.StateMapping;
import io.fluxcore.application.StateMapping.Fate;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A desk for the jobs of {@link FakeFluxCore}, whose savepoints hold nothing. A file of one is a
 * line that names its job, and any number of bytes after it.
 */
final class FakeSavepoints implements SavepointDesk {
  private static final Instant COMPLETED = Instant.parse("2026-01-02T03:04:05Z");

  private final FakeFluxCore service;
  private final Map<SavepointId, CheckpointEntry> entries = new LinkedHashMap<>();
  private int ids;

  FakeSavepoints(FakeFluxCore service) {
    this.service = service;
  }

  private CheckpointEntry add(JobId job, String jobName, String label, long bytes) {
    SavepointId id = new SavepointId("sp-" + ++ids);
    CheckpointEntry entry =
        new CheckpointEntry(
            CheckpointLocation.ofSavepoint(job, id),
            ids,
            id,
            label,
            jobName,
            "1",
            SnapshotFormat.CANONICAL,
            COMPLETED,
            Duration.ofMillis(1_900),
            bytes,
            bytes);
    entries.put(id, entry);
    return entry;
  }

  private CheckpointEntry find(SavepointId id) {
    CheckpointEntry entry = entries.get(id);
    if (entry == null) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error(
              "FLX-CKPT-0003",
              Place.of("savepoint"),
              "there is no savepoint " + id,
              "list the savepoints"));
    }
    return entry;
  }

  @Override
  public synchronized Operation create(JobId job, String label, boolean stop) {
    Operation begun = service.savepoint(job, "sp-" + (ids + 1), stop);
    add(job, service.getJob(job).config().name(), label, 84_100_000);
    return begun;
  }

  @Override
  public synchronized List<CheckpointEntry> list() {
    return new ArrayList<>(entries.values());
  }

  @Override
  public synchronized List<CheckpointEntry> checkpoints(JobId job) {
    List<CheckpointEntry> all = new ArrayList<>();
    all.add(
        new CheckpointEntry(
            CheckpointLocation.ofCheckpoint(job, 7, new FencingToken(1)),
            7,
            null,
            "",
            "any",
            "1",
            SnapshotFormat.CANONICAL,
            COMPLETED,
            Duration.ofMillis(12),
            500,
            20));
    entries.values().stream().filter(entry -> entry.job().equals(job)).forEach(all::add);
    return all;
  }

  @Override
  public synchronized SavepointContents describe(SavepointId savepoint) {
    return new SavepointContents(
        find(savepoint),
        128,
        List.of(
            new OperatorContents(
                "in", 60, List.of(), List.of(new SplitContents("0", "4000", false))),
            new OperatorContents(
                "counts",
                84_000_000,
                List.of(new StateContents("counts", List.of("string"), 1_200, 84_000_000)),
                List.of())));
  }

  @Override
  public synchronized StateMapping compare(
      SavepointId savepoint, StreamTopology topology, JobConfig config) {
    find(savepoint);
    return new StateMapping(
        List.of(
            new StateMapping.Row("counts", Fate.INCOMPATIBLE, "its key has other types"),
            new StateMapping.Row("in", Fate.KEPT, "")));
  }

  @Override
  public synchronized StateMapping compare(SavepointId savepoint, int parallelism) {
    find(savepoint);
    return new StateMapping(List.of(new StateMapping.Row("in", Fate.KEPT, "")));
  }

  @Override
  public synchronized JobId restore(
      SavepointId savepoint, StreamTopology topology, JobConfig config) {
    find(savepoint);
    return service.submitJob(topology, config);
  }

  @Override
  public synchronized JobId restore(SavepointId savepoint, int parallelism) {
    return service.again(find(savepoint).job(), parallelism);
  }

  @Override
  public synchronized void delete(SavepointId savepoint) {
    find(savepoint);
    entries.remove(savepoint);
  }

  private byte[] file(SavepointId savepoint) {
    CheckpointEntry entry = find(savepoint);
    return ("savepoint " + entry.job() + " " + entry.jobName() + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized long exportedBytes(SavepointId savepoint) {
    return file(savepoint).length;
  }

  @Override
  public synchronized void export(SavepointId savepoint, OutputStream target) {
    try {
      target.write(file(savepoint));
    } catch (IOException e) {
      throw external(e);
    }
  }

  private static FluxCoreException external(IOException reason) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                "FLX-CKPT-0011",
                Place.of("file"),
                Objects.requireNonNullElse(reason.getMessage(), "it cannot be taken in"),
                "look after the checkpoint store")),
        reason);
  }

  @Override
  public synchronized CheckpointEntry bring(InputStream file) {
    StringBuilder line = new StringBuilder();
    long bytes;
    try {
      for (int c = file.read(); c >= 0 && c != '\n' && line.length() < 500; c = file.read()) {
        line.append((char) c);
      }
      bytes = line.length() + 1L + file.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw external(e);
    }
    String[] words = line.toString().split(" ", -1);
    if (words.length != 3 || !words[0].equals("savepoint") || !words[1].startsWith("job_")) {
      throw FluxCoreException.user(
          "FLX-CKPT-0010",
          Place.of("file"),
          "it cannot be taken in: it is no savepoint",
          "export the savepoint again");
    }
    return add(new JobId(words[1]), words[2], "", bytes);
  }
}
