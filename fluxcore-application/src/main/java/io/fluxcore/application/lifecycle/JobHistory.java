package io.fluxcore.application.lifecycle;

import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.LeaseLostException;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobStatus;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A job that this server has, and what of its history the store has not taken yet: while the store
 * does not answer, jobs go on, and what happens to them is written down later, in order. Not
 * thread-safe: whoever has the job guards it.
 */
public final class JobHistory {
  private static final System.Logger LOG = System.getLogger(JobHistory.class.getName());

  private final Job job;
  private final JobStore store;
  private final long token;
  private final Deque<Write> unwritten = new ArrayDeque<>();
  private boolean lost;

  /** What is to be written down. */
  private interface Write {
    void to(JobStore store, long token);
  }

  /**
   * A job of which the store knows all so far.
   *
   * @param token of the lease by which this server has it
   */
  public JobHistory(Job job, JobStore store, long token) {
    this.job = job;
    this.store = store;
    this.token = token;
  }

  Job job() {
    return job;
  }

  long token() {
    return token;
  }

  /** Whether the event fits, and happened. */
  public boolean record(JobEvent event) {
    if (lost || !job.accepts(event)) {
      return false;
    }
    job.record(event);
    JobStatus status = job.status();
    write((to, with) -> to.append(job.id(), with, event, status));
    return true;
  }

  /** The job goes on with another configuration and topology. */
  public void change(JobConfig config, StoredTopology topology, JobEvent event) {
    if (!lost) {
      job.change(config, event);
      JobStatus status = job.status();
      write((to, with) -> to.change(job.id(), with, config, topology, event, status));
    }
  }

  private void write(Write write) {
    unwritten.addLast(write);
    flush();
  }

  /** Writes down what is left; without effect where the store does not answer. */
  void flush() {
    while (!lost && !unwritten.isEmpty()) {
      try {
        unwritten.getFirst().to(store, token);
        unwritten.removeFirst();
      } catch (LeaseLostException e) {
        lost();
      } catch (FluxCoreException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "what happens to job " + job + " cannot be written down now: " + e.getMessage());
        return;
      }
    }
  }

  /** Whether the store knows all that happened. */
  public boolean isWritten() {
    return unwritten.isEmpty();
  }

  /** Another server has the job: nothing of what this one knows counts any more. */
  void lost() {
    lost = true;
    unwritten.clear();
  }

  boolean isLost() {
    return lost;
  }
}
