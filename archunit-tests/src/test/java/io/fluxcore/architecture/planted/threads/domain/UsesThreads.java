package io.fluxcore.architecture.planted.threads.domain;

import java.util.Arrays;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;

/** Planted: threads, and what they are coordinated with. */
final class UsesThreads {
  Thread thread;
  ThreadLocal<String> local;
  Timer timer;
  ArrayBlockingQueue<String> queue;
  CompletableFuture<String> future;
  ExecutorService executor;
  ReentrantLock lock;

  long parallel(List<String> values, int[] numbers) {
    Arrays.parallelSort(numbers);
    return values.parallelStream().count() + values.stream().parallel().count();
  }
}
