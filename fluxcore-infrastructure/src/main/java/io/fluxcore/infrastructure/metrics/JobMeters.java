package io.fluxcore.infrastructure.metrics;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobSummary;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the jobs of a service. Their labels are the name of the job and of the operator, never
 * a split or a key, and both are bounded; what is beyond the bounds is counted in {@code
 * fluxcore.metrics.jobs.omitted}. Jobs come and go, so a thread of its own reads them from the
 * first {@link #bindTo} until {@link #close}; a job's meters go some time after its end, or when
 * another of its name has begun. Counters never fall. Thread-safe.
 */
public final class JobMeters implements MeterBinder, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(JobMeters.class.getName());

  private final FluxCoreService service;
  private final MeterSettings settings;
  private final InstantSource clock;
  private final List<MeterRegistry> registries = new ArrayList<>();
  private final Map<JobId, JobReading> readings = new LinkedHashMap<>();
  private final Map<JobId, List<JobMeterRegistration>> registrations = new HashMap<>();
  private final Set<JobId> forgotten = new HashSet<>();
  private @Nullable Timer refresher;
  private boolean refreshed;
  private volatile Map<JobStatus, Integer> statuses = new EnumMap<>(JobStatus.class);
  private volatile int omitted;

  /**
   * Meters without a registry yet.
   *
   * @param clock for how long the meters of ended jobs stay
   */
  public JobMeters(FluxCoreService service, MeterSettings settings, InstantSource clock) {
    this.service = service;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    for (JobStatus status : JobStatus.values()) {
      Gauge.builder("fluxcore.jobs", this, meters -> meters.statuses.getOrDefault(status, 0))
          .description("Jobs that are known, by status")
          .tag("status", status.name())
          .register(registry);
    }
    Gauge.builder("fluxcore.metrics.jobs.omitted", this, meters -> meters.omitted)
        .description("Jobs without meters, because there are too many")
        .register(registry);
    registries.add(registry);
    readings.forEach((id, reading) -> register(id, reading, registry));
    if (refresher == null) {
      refresher = new Timer("fluxcore: metrics", true);
      long millis = settings.refreshInterval().toMillis();
      refresher.schedule(
          new TimerTask() {
            @Override
            public void run() {
              refreshOrTell();
            }
          },
          millis,
          millis);
    }
  }

  private void refreshOrTell() {
    try {
      refresh();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "jobs cannot be read for their meters now", e);
    }
  }

  /** Reads all jobs now. */
  public synchronized void refresh() {
    Instant now = clock.instant();
    List<JobSummary> jobs = service.listJobs();
    Map<JobStatus, Integer> count = new EnumMap<>(JobStatus.class);
    jobs.forEach(job -> count.merge(job.status(), 1, Integer::sum));
    statuses = count;
    forgetEnded(now);
    int left = 0;
    Set<JobId> listed = new HashSet<>();
    for (JobSummary job : jobs) {
      listed.add(job.id());
      if (wanted(job)) {
        makeRoom(job);
        if (readings.size() >= settings.maxJobs()) {
          left++;
        } else {
          add(job);
        }
      }
    }
    omitted = left;
    forgotten.retainAll(listed);
    List.copyOf(readings.keySet()).stream().filter(id -> !listed.contains(id)).forEach(this::drop);
    readings.forEach(
        (id, reading) -> {
          if (reading.endSeen() == null) {
            reading.read(service, now);
            registrations.getOrDefault(id, List.of()).forEach(JobMeterRegistration::addOperators);
          }
        });
    refreshed = true;
  }

  /** Whether a job should have meters and has none. Those that ended before us are of no use. */
  private boolean wanted(JobSummary job) {
    if (job.status().isTerminal() && !refreshed) {
      forgotten.add(job.id());
    }
    return !readings.containsKey(job.id()) && !forgotten.contains(job.id());
  }

  /** A label stands for one job at a time; and the job that ended first gives way to others. */
  private void makeRoom(JobSummary job) {
    List.copyOf(readings.entrySet()).stream()
        .filter(e -> e.getValue().name().equals(job.name()))
        .map(Map.Entry::getKey)
        .forEach(this::drop);
    if (readings.size() >= settings.maxJobs()) {
      readings.entrySet().stream()
          .filter(e -> e.getValue().endSeen() != null)
          .min(Comparator.comparing(e -> Objects.requireNonNull(e.getValue().endSeen())))
          .map(Map.Entry::getKey)
          .ifPresent(this::drop);
    }
  }

  private void add(JobSummary job) {
    JobReading reading = new JobReading(job, settings.maxOperators());
    readings.put(job.id(), reading);
    registries.forEach(registry -> register(job.id(), reading, registry));
  }

  private void register(JobId id, JobReading reading, MeterRegistry registry) {
    JobMeterRegistration registration = new JobMeterRegistration(registry, reading);
    registration.addOperators();
    registrations.computeIfAbsent(id, i -> new ArrayList<>()).add(registration);
  }

  private void forgetEnded(Instant now) {
    List<JobId> over = new ArrayList<>();
    readings.forEach(
        (id, reading) -> {
          Instant end = reading.endSeen();
          if (end != null && !now.isBefore(end.plus(settings.endedJobRetention()))) {
            over.add(id);
          }
        });
    over.forEach(this::drop);
  }

  private void drop(JobId id) {
    readings.remove(id);
    forgotten.add(id);
    List<JobMeterRegistration> registered = registrations.remove(id);
    if (registered != null) {
      registered.forEach(JobMeterRegistration::remove);
    }
  }

  /** Ends the reading; the meters stay as they are. */
  @Override
  public synchronized void close() {
    if (refresher != null) {
      refresher.cancel();
    }
  }
}
