package io.fluxcore.application.control;

import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobNameTakenException;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.application.lifecycle.Beginning;
import io.fluxcore.application.lifecycle.Changeover;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.lifecycle.ManagedJob;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What submitting comes to: a new job, or one of the same name that is attached to or upgraded,
 * whether this server has it, another, or none.
 */
final class Submission {
  private static final System.Logger LOG = System.getLogger(Submission.class.getName());

  private final JobServices services;
  private final KnownJobs known;
  private final OwnJobs own;
  private final Leases leases;
  private final JobVersions versions;
  private final Recovery recovery;

  Submission(
      JobServices services,
      KnownJobs known,
      OwnJobs own,
      Leases leases,
      JobVersions versions,
      Recovery recovery) {
    this.services = services;
    this.known = known;
    this.own = own;
    this.leases = leases;
    this.versions = versions;
    this.recovery = recovery;
  }

  JobId submit(JobVersion version) {
    checkOutside(version);
    try {
      return submitOnce(version);
    } catch (JobNameTakenException e) {
      // Somebody was faster: now there is a job to attach to.
      return submitOnce(version);
    }
  }

  /**
   * Refuses a job that could never read or write. One whose outside does not answer is taken: it
   * waits for that by its restart strategy.
   */
  private static void checkOutside(JobVersion version) {
    List<Diagnostic> problems = new ArrayList<>();
    for (PlannedStage stage : version.plan().stages()) {
      PlannedSource source = stage.source();
      if (source != null) {
        check(source.operatorId(), source.source()::check, version, problems);
      }
    }
    version
        .plan()
        .lookups()
        .forEach((node, lookup) -> check(node, lookup::check, version, problems));
    version.plan().sinks().forEach((node, sink) -> check(node, sink::check, version, problems));
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
  }

  private static void check(
      String node, Runnable look, JobVersion version, List<Diagnostic> problems) {
    try {
      look.run();
    } catch (FluxCoreException e) {
      if (e.category() == ErrorCategory.USER) {
        e.diagnostics().forEach(d -> problems.add(d.in("node '" + node + "'")));
      } else {
        LOG.log(
            System.Logger.Level.WARNING,
            "node {0} of job {1} cannot be looked at now: {2}",
            node,
            version.config().name(),
            e.getMessage());
      }
    }
  }

  private JobId submitOnce(JobVersion version) {
    ManagedJob running;
    synchronized (own) {
      running = own.underWay(version.config().name());
      if (running == null) {
        Optional<JobEntry> entry = known.underWay(version.config().name());
        if (entry.isPresent()) {
          return attach(entry.get(), version);
        }
      }
    }
    if (running != null) {
      goOn(running, version);
      return running.id();
    }
    ManagedJob added = add(version);
    added.start();
    return added.id();
  }

  /** Submits a new job that begins with something else than nothing. */
  ManagedJob submitFrom(JobVersion version, Beginning beginning) {
    String name = version.config().name();
    checkOutside(version);
    ManagedJob added;
    synchronized (own) {
      if (own.underWay(name) != null || known.underWay(name).isPresent()) {
        throw conflict(
            "FLX-JOB-0022",
            "there is a job '" + name + "' that is not over",
            "end it, or give the new job another name");
      }
      added = add(version);
    }
    added.startFrom(beginning);
    return added;
  }

  private ManagedJob add(JobVersion version) {
    Job submitted = Job.submit(services.ids().get(), version.config(), services.time().instant());
    StoredTopology topology = StoredTopology.of(version.topology(), services.text());
    synchronized (own) {
      long token =
          services
              .store()
              .add(
                  new StoredJob(submitted.id(), version.config(), topology, submitted.history()),
                  services.server());
      ManagedJob job =
          own.manage(submitted, version, token, leases.checkpoints(submitted.id(), token));
      job.prepare();
      return job;
    }
  }

  /** Attaches to a job that this server does not have. */
  private JobId attach(JobEntry entry, JobVersion version) {
    StoredJob stored = known.stored(entry.id());
    String name = "job '" + entry.name() + "'";
    boolean free = leases.isFree(entry);
    if (entry.version().equals(version.name())) {
      if (!stored.topology().saysTheSameAs(version.topology())) {
        throw otherTopology(name, version.name(), entry.status());
      }
      versions.keepCode(entry.id(), version);
      if (free && entry.status() != JobStatus.SUSPENDED) {
        recovery.retry(entry);
      }
      return entry.id();
    }
    if (entry.status() == JobStatus.WAITING_FOR_CODE && free) {
      Changeover.checkVersions(name, stored.config(), version.config());
      recovery.takeOnAnew(entry, version);
      return entry.id();
    }
    throw conflict(
        "FLX-JOB-0015",
        name
            + " is "
            + entry.status()
            + " in version "
            + entry.version()
            + (entry.server() == null ? "" : " at server " + entry.server()),
        entry.status() == JobStatus.SUSPENDED
            ? "resume it, then submit version " + version.name() + " again; or cancel it"
            : "submit version " + version.name() + " where it runs");
  }

  /** Attaches to a job that is under way in this version, or upgrades it to it. */
  private static void goOn(ManagedJob job, JobVersion version) {
    JobStatus status = job.status();
    String name = "job '" + version.config().name() + "'";
    if (status == JobStatus.STOPPING
        || status == JobStatus.CANCELLING
        || status == JobStatus.SUSPENDING) {
      throw conflict(
          "FLX-JOB-0008",
          name + " is being ended: it is " + status,
          "submit it again when it is over");
    }
    Changeover underWay = job.upgrade();
    if (underWay != null && underWay.to().name().equals(version.name())) {
      checkSame(name, underWay.to(), version, status);
      await(underWay.outcome());
    } else if (job.version().name().equals(version.name()) && underWay == null) {
      checkSame(name, job.version(), version, status);
    } else {
      await(job.changeOver(Changeover.upgrade(job.version(), version)));
    }
  }

  private static void checkSame(
      String name, JobVersion known, JobVersion submitted, JobStatus status) {
    if (!known.topology().saysTheSameAs(submitted.topology())) {
      throw otherTopology(name, known.name(), status);
    }
  }

  private static FluxCoreException otherTopology(String name, String version, JobStatus status) {
    return conflict(
        "FLX-JOB-0005",
        name + " version " + version + " is " + status + " with another topology",
        "give the new topology another version, or the job another name");
  }

  /** Waits for an upgrade; when the thread is interrupted, the upgrade goes on without it. */
  private static void await(CompletableFuture<Void> upgrade) {
    try {
      upgrade.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FluxCoreException known) {
        throw new FluxCoreException(known.category(), known.diagnostics(), known);
      }
      throw new IllegalStateException("an upgrade fails with a message", e);
    }
  }

  private static FluxCoreException conflict(String code, String message, String remedy) {
    return FluxCoreException.conflict(code, Place.of("job"), message, remedy);
  }
}
