package io.fluxcore.application.runtime;

import io.fluxcore.domain.job.JobId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the latest dead letters of each job as long as the process lives. */
public final class InMemoryDeadLetters implements DeadLetters {
  private final int capacity;
  private final Map<JobId, Box> boxes = new HashMap<>();

  /**
   * An empty box for every job.
   *
   * @param capacity letters that are kept of each job, at least 1
   */
  public InMemoryDeadLetters(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is " + capacity + ", must be at least 1");
    }
    this.capacity = capacity;
  }

  @Override
  public synchronized void add(DeadLetter letter) {
    Box box = boxes.computeIfAbsent(letter.jobId(), id -> new Box());
    box.added++;
    box.letters.addLast(letter);
    if (box.letters.size() > capacity) {
      box.letters.removeFirst();
    }
  }

  @Override
  public synchronized List<DeadLetter> of(JobId jobId) {
    Box box = boxes.get(jobId);
    return box == null ? List.of() : List.copyOf(box.letters);
  }

  @Override
  public synchronized long count(JobId jobId) {
    Box box = boxes.get(jobId);
    return box == null ? 0 : box.added;
  }

  private static final class Box {
    final Deque<DeadLetter> letters = new ArrayDeque<>();
    long added;
  }
}
