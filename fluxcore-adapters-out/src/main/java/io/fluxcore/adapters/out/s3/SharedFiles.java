package io.fluxcore.adapters.out.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who refers to the shared files of a job, as far as this process knows: checkpoints that it
 * writes, and complete ones that it has written or read. A file that nobody refers to is condemned
 * before it is deleted: it cannot be reused from then on, and who writes it again waits. So nothing
 * is locked while the store is asked. Thread-safe.
 */
final class SharedFiles {
  /** Gives the names of the files that are there. */
  @FunctionalInterface
  interface Listing {
    Set<String> names() throws IOException;
  }

  private final Listing listing;

  /** By the names of their checkpoints. */
  private final Map<String, Writing> writing = new HashMap<>();

  /** Names of complete checkpoints → files. */
  private final Map<String, Set<String>> complete = new HashMap<>();

  private final Set<String> condemned = new HashSet<>();

  /** Writers that could not clear away what they had written. */
  private final List<S3CheckpointWriter> left = new ArrayList<>();

  /** What is being written. */
  private static final class Writing {
    private final S3CheckpointWriter writer;
    private final Set<String> references = new HashSet<>();

    /** The files that were there when the first one was to be reused. */
    private @Nullable Set<String> there;

    Writing(S3CheckpointWriter writer) {
      this.writer = writer;
    }
  }

  SharedFiles(Listing listing) {
    this.listing = listing;
  }

  /** Whether a writer may begin: nobody writes to its location. */
  synchronized boolean begin(S3CheckpointWriter writer) {
    return writing.putIfAbsent(writer.location().name(), new Writing(writer)) == null;
  }

  private @Nullable Writing of(S3CheckpointWriter writer) {
    Writing found = writing.get(writer.location().name());
    return found != null && found.writer == writer ? found : null;
  }

  /** Whether it has neither ended nor been swept away. */
  synchronized boolean isWriting(S3CheckpointWriter writer) {
    return of(writer) != null;
  }

  synchronized boolean isWriting(String checkpoint) {
    return writing.containsKey(checkpoint);
  }

  /** Refers to a file that is about to be written. */
  synchronized void share(S3CheckpointWriter writer, String name) throws IOException {
    try {
      while (condemned.contains(name)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw (InterruptedIOException) new InterruptedIOException("given up").initCause(e);
    }
    Writing own = of(writer);
    if (own != null) {
      own.references.add(name);
    }
  }

  /** Refers to a file, if it is there and stays. */
  boolean reuse(S3CheckpointWriter writer, String name) throws IOException {
    if (!isListed(writer)) {
      Set<String> names = listing.names();
      synchronized (this) {
        Writing own = of(writer);
        if (own != null && own.there == null) {
          own.there = new HashSet<>(names);
          own.there.removeAll(condemned);
        }
      }
    }
    synchronized (this) {
      Writing own = of(writer);
      if (own == null || own.there == null) {
        return false; // swept away
      }
      if (!own.there.contains(name)) {
        return own.references.contains(name);
      }
      own.references.add(name);
      return true;
    }
  }

  private synchronized boolean isListed(S3CheckpointWriter writer) {
    Writing own = of(writer);
    return own == null || own.there != null;
  }

  synchronized Set<String> references(S3CheckpointWriter writer) {
    Writing own = of(writer);
    return own == null ? Set.of() : Set.copyOf(own.references);
  }

  /** Its checkpoint is complete; false if it was swept away before. */
  synchronized boolean completed(S3CheckpointWriter writer) {
    Writing own = of(writer);
    if (own == null) {
      return false;
    }
    complete.put(writer.location().name(), Set.copyOf(own.references));
    writing.remove(writer.location().name());
    return true;
  }

  /** It is given up; false if it was swept away before. */
  synchronized boolean ended(S3CheckpointWriter writer) {
    return of(writer) != null && writing.remove(writer.location().name()) != null;
  }

  /** Those whose names go are not written any more. */
  synchronized void sweep(Predicate<String> keep) {
    writing.keySet().removeIf(name -> !keep.test(name));
    complete.keySet().removeIf(name -> !keep.test(name));
    left.clear();
  }

  /** Remembers what a complete checkpoint refers to. */
  synchronized void know(String checkpoint, Set<String> references) {
    complete.put(checkpoint, references);
  }

  /** What a complete checkpoint refers to, where that is known. */
  synchronized @Nullable Set<String> known(String checkpoint) {
    return complete.get(checkpoint);
  }

  synchronized void forget(String checkpoint) {
    complete.remove(checkpoint);
  }

  /** Those of these files that nobody known refers to; they are condemned with that. */
  synchronized Set<String> condemn(Set<String> names) {
    Set<String> unused = new HashSet<>(names);
    complete.values().forEach(unused::removeAll);
    writing.values().forEach(own -> unused.removeAll(own.references));
    unused.removeAll(condemned); // somebody else is at it
    condemned.addAll(unused);
    for (Writing own : writing.values()) {
      if (own.there != null) {
        own.there.removeAll(unused);
      }
    }
    return unused;
  }

  /** They are deleted, or could not be. */
  synchronized void absolve(Set<String> names) {
    condemned.removeAll(names);
    notifyAll();
  }

  /** A writer that could not clear away what it has written: it is tried again later. */
  synchronized void leave(S3CheckpointWriter writer) {
    left.add(writer);
  }

  /** Takes those out that could not. */
  synchronized List<S3CheckpointWriter> takeLeft() {
    List<S3CheckpointWriter> taken = List.copyOf(left);
    left.clear();
    return taken;
  }
}
