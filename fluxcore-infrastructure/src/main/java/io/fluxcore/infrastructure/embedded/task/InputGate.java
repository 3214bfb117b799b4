package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.channel.Element;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The input channels of a task, read in turn. Aligns barriers: a channel that delivered the barrier
 * of a checkpoint is not read until all others have delivered it or ended, or until the checkpoint
 * is given up. There is one checkpoint at a time; a newer barrier ends the alignment of an older
 * one. Used by the task's thread, except {@link #abort}.
 */
final class InputGate {
  private static final long NONE = -1;

  private final List<Input> inputs;
  private final int[][] alike;
  private final boolean[] delivered;
  private final boolean[] ended;
  private int open;
  private int next;
  private int current;
  private long aligning = NONE;
  private int missing;
  private volatile long abortedUpTo = NONE;

  /**
   * An input channel.
   *
   * @param node node of the stage that gets its batches
   * @param input which of that node's inputs
   * @param keyed whether its batches must carry a range of key groups
   */
  record Input(Channel channel, int node, int input, boolean keyed) {}

  InputGate(List<Input> inputs) {
    this.inputs = List.copyOf(inputs);
    this.alike = new int[inputs.size()][];
    Arrays.setAll(alike, channel -> channelsLike(inputs.get(channel)));
    this.delivered = new boolean[inputs.size()];
    this.ended = new boolean[inputs.size()];
    this.open = inputs.size();
  }

  private int[] channelsLike(Input input) {
    return IntStream.range(0, inputs.size())
        .filter(i -> inputs.get(i).node() == input.node() && inputs.get(i).input() == input.input())
        .toArray();
  }

  int size() {
    return inputs.size();
  }

  /** The number of the channel that gave the last element. */
  int current() {
    return current;
  }

  Input currentInput() {
    return inputs.get(current);
  }

  /** The channels that lead to the same input as the one that gave the last element. */
  int[] currentChannels() {
    return alike[current];
  }

  /** Whether all channels have ended and nothing is left to be read. */
  boolean isFinished() {
    return open == 0 && aligning == NONE;
  }

  /** Gives a checkpoint and all before it up. Any thread. */
  void abort(long checkpointId) {
    abortedUpTo = checkpointId;
  }

  /** Whether a barrier is among the elements that have not been read, or is being aligned. */
  boolean isBarrierNear() {
    for (int i = 0; i < ended.length; i++) {
      if (!ended[i] && inputs.get(i).channel().hasBarrier()) {
        return true;
      }
    }
    return aligning != NONE;
  }

  /** Whether {@link #poll()} has something. */
  boolean hasElement() {
    if (aligning != NONE && (missing == 0 || aligning <= abortedUpTo)) {
      return true;
    }
    for (int i = 0; i < ended.length; i++) {
      if (!ended[i] && !delivered[i] && !inputs.get(i).channel().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The next element, or null if there is none now. A barrier is given once, when it is aligned; an
   * end of input is given for each channel.
   */
  @Nullable Element poll() {
    if (aligning != NONE) {
      if (aligning <= abortedUpTo) {
        release();
      } else if (missing == 0) {
        Element barrier = new Element.Barrier(aligning);
        release();
        return barrier;
      }
    }
    for (int tried = 0; tried < ended.length; tried++) {
      int channel = next;
      next = channel + 1 == ended.length ? 0 : channel + 1;
      if (ended[channel] || delivered[channel]) {
        continue;
      }
      Element element = inputs.get(channel).channel().poll();
      if (element == null) {
        continue;
      }
      current = channel;
      if (element instanceof Element.Barrier barrier) {
        deliver(channel, barrier.checkpointId());
        if (aligning != NONE && missing == 0) {
          release();
          return element;
        }
        tried = -1;
        continue;
      }
      if (element instanceof Element.EndOfInput) {
        end(channel);
      }
      return element;
    }
    return null;
  }

  private void deliver(int channel, long checkpointId) {
    if (checkpointId <= abortedUpTo || checkpointId < aligning) {
      return;
    }
    if (checkpointId != aligning) {
      release();
      aligning = checkpointId;
      missing = open;
    }
    delivered[channel] = true;
    missing--;
  }

  private void end(int channel) {
    ended[channel] = true;
    open--;
    if (aligning != NONE) {
      missing--;
    }
  }

  private void release() {
    aligning = NONE;
    Arrays.fill(delivered, false);
  }
}
