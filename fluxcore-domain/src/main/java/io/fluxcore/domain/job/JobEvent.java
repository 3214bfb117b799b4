package io.fluxcore.domain.job;

import java.time.Duration;
import java.time.Instant;

/** Something that happened to a job. The job's history is the list of these. */
public sealed interface JobEvent {
  /** When. */
  Instant at();

  /** One line for a person. */
  String describe();

  /** The job was accepted. */
  record Submitted(Instant at, String name, String version, int parallelism) implements JobEvent {
    @Override
    public String describe() {
      return "submitted '" + name + "' version " + version + " at parallelism " + parallelism;
    }
  }

  /** After a restart of the server the job waits for its application's code. */
  record WaitingForCode(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "waiting for the application to submit its code";
    }
  }

  /** The application submitted the code that the job waited for. */
  record Resubmitted(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "submitted again";
    }
  }

  /** Subtasks are being made: the first time, or again after a failure. */
  record Starting(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "starting";
    }
  }

  /**
   * The job begins with state that was made before, or at other places than its sources are
   * configured to start with.
   *
   * @param from in a few words: {@code savepoint sp-1b9f04c2}
   */
  record BeginningWith(Instant at, String from) implements JobEvent {
    @Override
    public String describe() {
      return "begins with " + from;
    }
  }

  /** All subtasks run. */
  record Started(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "running";
    }
  }

  /** A checkpoint is complete. */
  record Checkpointed(Instant at, long checkpointId, long bytes, Duration duration)
      implements JobEvent {
    @Override
    public String describe() {
      return "checkpoint "
          + checkpointId
          + " of "
          + bytes
          + " bytes in "
          + duration.toMillis()
          + " ms";
    }
  }

  /** A checkpoint was given up. */
  record CheckpointFailed(Instant at, long checkpointId, String reason) implements JobEvent {
    @Override
    public String describe() {
      return "checkpoint " + checkpointId + " failed: " + reason;
    }
  }

  /** Somebody ought to look at the job. */
  record AlertRaised(Instant at, String code, String message) implements JobEvent {
    @Override
    public String describe() {
      return "alert " + code + ": " + message;
    }
  }

  /** The job failed; a restart or the end follows. */
  record Failed(Instant at, JobFailure failure) implements JobEvent {
    @Override
    public String describe() {
      return "failed"
          + (failure.operatorId().isEmpty() ? "" : " in '" + failure.operatorId() + "'")
          + ": "
          + failure.message();
    }
  }

  /** The job will be started again after a delay. */
  record Restarting(Instant at, Duration delay) implements JobEvent {
    @Override
    public String describe() {
      return "restarting after " + delay.toMillis() + " ms";
    }
  }

  /** Another version was submitted: the one that runs is being stopped with its state. */
  record Upgrading(Instant at, String from, String to) implements JobEvent {
    @Override
    public String describe() {
      return "upgrading from version " + from + " to version " + to;
    }
  }

  /** The job runs in another version, with the state of the one before. */
  record Upgraded(Instant at, String version, int parallelism) implements JobEvent {
    @Override
    public String describe() {
      return "upgraded to version " + version + " at parallelism " + parallelism;
    }
  }

  /** The other version could not start; the one before goes on with its state. */
  record UpgradeFailed(Instant at, String version, JobFailure failure) implements JobEvent {
    @Override
    public String describe() {
      return "upgrade to version " + version + " failed: " + failure.message();
    }
  }

  /** Another parallelism was asked for: the job is being stopped with its state. */
  record Rescaling(Instant at, int from, int to) implements JobEvent {
    @Override
    public String describe() {
      return "changing from parallelism " + from + " to " + to;
    }
  }

  /** The job runs at another parallelism, with its state. */
  record Rescaled(Instant at, int parallelism) implements JobEvent {
    @Override
    public String describe() {
      return "changed to parallelism " + parallelism;
    }
  }

  /** It could not start at the other parallelism; it goes on at the one before. */
  record RescaleFailed(Instant at, int parallelism, JobFailure failure) implements JobEvent {
    @Override
    public String describe() {
      return "change to parallelism " + parallelism + " failed: " + failure.message();
    }
  }

  /**
   * A restart was asked for: the job is being stopped, to start again with its state or without.
   */
  record RestartRequested(Instant at, boolean withState) implements JobEvent {
    @Override
    public String describe() {
      return "restart requested, " + (withState ? "with" : "without") + " its state";
    }
  }

  /** The job is being stopped with its state, to be resumed. */
  record Suspending(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "suspend requested";
    }
  }

  /** The job is stopped with its state. */
  record Suspended(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "suspended";
    }
  }

  /** The job goes on from the state that it was suspended with. */
  record Resuming(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "resuming";
    }
  }

  /** Its server ended in order and has let it go; it goes on when a server runs again. */
  record Released(Instant at, String server) implements JobEvent {
    @Override
    public String describe() {
      return "let go by server " + server + ", which ends";
    }
  }

  /** A server takes on a job that none runs. */
  record Recovering(Instant at, String server, String from) implements JobEvent {
    @Override
    public String describe() {
      return "taken on by server " + server + ", from " + from;
    }
  }

  /** An orderly stop was asked for. */
  record Stopping(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "stop requested";
    }
  }

  /** A cancel was asked for. */
  record Cancelling(Instant at) implements JobEvent {
    @Override
    public String describe() {
      return "cancel requested";
    }
  }

  /** The job is over. */
  record Ended(Instant at, JobStatus status) implements JobEvent {
    public Ended {
      if (!status.isTerminal()) {
        throw new IllegalArgumentException("a job does not end as " + status);
      }
    }

    @Override
    public String describe() {
      return "ended: " + status;
    }
  }
}
