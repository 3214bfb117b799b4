package io.fluxcore.application.job;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps jobs as long as the process lives: the reference for what a store does. */
public final class InMemoryJobStore implements JobStore {
  private final Map<JobId, Kept> jobs;
  private final InstantSource time;
  private final Duration lease;

  /** A job, its status, and who has it. */
  private static final class Kept {
    StoredJob job;
    JobStatus status;
    @Nullable String server;
    Instant until = Instant.MAX;
    long token = 1;

    Kept(StoredJob job, String server) {
      this.job = job;
      this.status = job.replay().status();
      this.server = server;
    }
  }

  /** A store of one server, whose leases do not run out. */
  public InMemoryJobStore() {
    this(() -> Instant.EPOCH, Duration.ofDays(1));
  }

  /**
   * A store that servers of this process share.
   *
   * @param lease how long a server has a job without renewing that
   */
  public InMemoryJobStore(InstantSource time, Duration lease) {
    this(new LinkedHashMap<>(), time, lease);
  }

  private InMemoryJobStore(Map<JobId, Kept> jobs, InstantSource time, Duration lease) {
    this.jobs = jobs;
    this.time = time;
    this.lease = lease;
  }

  /** The same jobs, for servers that renew their leases more or less often. */
  public InMemoryJobStore withLease(Duration other) {
    return new InMemoryJobStore(jobs, time, other);
  }

  @Override
  public long add(StoredJob job, String server) {
    synchronized (jobs) {
      Kept added = new Kept(job, server);
      if (jobs.containsKey(job.id())) {
        throw new IllegalArgumentException("there is a job " + job.id() + " already");
      }
      String name = job.config().name();
      if (jobs.values().stream()
          .anyMatch(k -> !k.status.isTerminal() && k.job.config().name().equals(name))) {
        throw new JobNameTakenException(name);
      }
      added.until = time.instant().plus(lease);
      jobs.put(job.id(), added);
      return added.token;
    }
  }

  @Override
  public void append(JobId id, long token, JobEvent event, JobStatus status) {
    synchronized (jobs) {
      StoredJob old = held(id, token).job;
      change(id, token, old.config(), old.topology(), event, status);
    }
  }

  @Override
  public void change(
      JobId id,
      long token,
      JobConfig config,
      StoredTopology topology,
      JobEvent event,
      JobStatus status) {
    synchronized (jobs) {
      Kept kept = held(id, token);
      List<JobEvent> history = new ArrayList<>(kept.job.history());
      history.add(event);
      StoredJob grown = new StoredJob(id, config, topology, history);
      kept.job = new StoredJob(id, config, topology, grown.replay().history());
      kept.status = status;
    }
  }

  private Kept held(JobId id, long token) {
    Kept kept = required(id);
    if (kept.token != token) {
      throw new LeaseLostException(id, token);
    }
    return kept;
  }

  private Kept required(JobId id) {
    Kept kept = jobs.get(id);
    if (kept == null) {
      throw new IllegalArgumentException("there is no job " + id);
    }
    return kept;
  }

  @Override
  public Optional<StoredJob> find(JobId id) {
    synchronized (jobs) {
      return Optional.ofNullable(jobs.get(id)).map(kept -> kept.job);
    }
  }

  @Override
  public List<JobEntry> entries() {
    synchronized (jobs) {
      return jobs.values().stream().map(this::entry).toList();
    }
  }

  private JobEntry entry(Kept kept) {
    JobConfig config = kept.job.config();
    return new JobEntry(
        kept.job.id(),
        config.name(),
        config.version(),
        kept.status,
        kept.job.history().get(0).at(),
        isLive(kept) ? kept.server : null);
  }

  private boolean isLive(Kept kept) {
    return kept.server != null && time.instant().isBefore(kept.until);
  }

  @Override
  public OptionalLong acquire(JobId id, String server) {
    synchronized (jobs) {
      Kept kept = required(id);
      if (isLive(kept) && !server.equals(kept.server)) {
        return OptionalLong.empty();
      }
      kept.server = server;
      kept.until = time.instant().plus(lease);
      return OptionalLong.of(++kept.token);
    }
  }

  @Override
  public Set<JobId> renew(Map<JobId, Long> tokens) {
    synchronized (jobs) {
      Set<JobId> held = new HashSet<>();
      tokens.forEach(
          (id, token) -> {
            Kept kept = jobs.get(id);
            if (kept != null && kept.token == token && kept.server != null) {
              kept.until = time.instant().plus(lease);
              held.add(id);
            }
          });
      return Set.copyOf(held);
    }
  }

  @Override
  public boolean isHeld(JobId id, long token) {
    synchronized (jobs) {
      Kept kept = required(id);
      return kept.token == token && isLive(kept);
    }
  }

  @Override
  public void release(JobId id, long token) {
    synchronized (jobs) {
      Kept kept = jobs.get(id);
      if (kept != null && kept.token == token) {
        kept.server = null;
      }
    }
  }
}
