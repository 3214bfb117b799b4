package io.fluxcore.domain.time;

import io.fluxcore.domain.event.EventBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watermark of one subtask of a source: the minimum over its active partitions. A partition is
 * active, idle or gone; idle is a state, entered after the strategy's timeout without events and
 * left at the next event. With no active partition the whole subtask is idle, at once if it owns no
 * partition, and its watermark is the largest that an idle partition had (so that the order in
 * which partitions fall silent does not matter). The watermark never goes back: rows of a partition
 * that revives behind it are late.
 *
 * <p>With a silence fallback, while no subtask of the source has given an event for its timeout,
 * the watermark goes on with the clock ({@link SourceSilence}), whether the subtask is idle by then
 * or not: an idle one holds nobody back, but where all inputs are idle it is the fallback that
 * closes their windows. What the watermark has reached so is part of each partition's snapshot.
 *
 * <p>Under ingestion time the watermark follows the clock; under processing time there is none, and
 * the subtask is idle for good so that it holds nobody back.
 *
 * <p>Time is passed in and may stand still but is taken not to go back. Not thread-safe.
 */
public final class SourceWatermarks {
  private static final int FORMAT = 1;

  /** With what the silence fallback needs. */
  private static final int FORMAT_WITH_SILENCE = 2;

  private final TimeCharacteristic time;
  private final WatermarkStrategy strategy;
  private final long idleTimeoutMillis;
  private final @Nullable SourceSilence silence;
  private final Map<String, Partition> partitions = new LinkedHashMap<>();
  private long watermark = Long.MIN_VALUE;
  private long reachedInSilence = Long.MIN_VALUE;
  private long advancedMillis = Long.MIN_VALUE;
  private boolean silent;
  private boolean wasPaused;
  private boolean idle = true;

  /** What a partition does; one that has ended is forgotten. */
  private enum Activity {
    ACTIVE,
    IDLE
  }

  private static final class Partition {
    final WatermarkGenerator generator;
    Activity activity = Activity.ACTIVE;
    long lastEventMillis;

    Partition(WatermarkGenerator generator, long nowMillis) {
      this.generator = generator;
      this.lastEventMillis = nowMillis;
    }
  }

  /** The watermark of the only subtask of a source. */
  public SourceWatermarks(TimeCharacteristic time, WatermarkStrategy strategy) {
    this(
        time,
        strategy,
        strategy.silenceFallback() == null ? null : new SourceSilence(strategy.silenceFallback()));
  }

  /**
   * The watermark of one of several subtasks.
   *
   * @param silence shared by them, or null if the strategy has no silence fallback
   */
  public SourceWatermarks(
      TimeCharacteristic time, WatermarkStrategy strategy, @Nullable SourceSilence silence) {
    this.silence = time == TimeCharacteristic.EVENT ? silence : null;
    this.time = time;
    this.strategy = strategy;
    this.idleTimeoutMillis =
        strategy.idleTimeout() == null ? Long.MAX_VALUE : strategy.idleTimeout().toMillis();
  }

  /** A partition that is read from its start. */
  public void add(String split, long nowMillis) {
    partitions.put(split, new Partition(new WatermarkGenerator(strategy), nowMillis));
    idle = time == TimeCharacteristic.PROCESSING;
  }

  /**
   * A partition that goes on after a restore.
   *
   * @param state what {@link #snapshot} gave
   */
  public void restore(String split, byte[] state, long nowMillis) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT && format != FORMAT_WITH_SILENCE) {
        throw new IllegalArgumentException(
            "watermark state of split '"
                + split
                + "' has format "
                + format
                + ", not "
                + FORMAT_WITH_SILENCE);
      }
      add(split, nowMillis);
      WatermarkGenerator generator = new WatermarkGenerator(strategy, in.readLong());
      partitions.put(split, new Partition(generator, nowMillis));
      long eventTime = Long.MIN_VALUE;
      if (format == FORMAT_WITH_SILENCE) {
        eventTime = in.readLong();
        reachedInSilence = Math.max(reachedInSilence, in.readLong());
      }
      if (silence != null) {
        silence.restore(generator.watermark(), eventTime, nowMillis);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The state of a partition's generator. */
  public byte[] snapshot(String split) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(silence == null ? FORMAT : FORMAT_WITH_SILENCE);
      out.writeLong(partition(split).generator.largest());
      if (silence != null) {
        out.writeLong(silence.eventTime(advancedMillis));
        out.writeLong(reachedInSilence);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * How far a partition was in event time when its state was written: the largest timestamp that it
   * had given, or what the silence fallback had reached if that is more.
   *
   * @param state what {@link #snapshot} gave
   * @return {@link Long#MIN_VALUE} if it had given none
   */
  public static long furthest(byte[] state) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      int format = in.readUnsignedByte();
      long largest = in.readLong();
      if (format != FORMAT_WITH_SILENCE) {
        return largest;
      }
      in.readLong(); // the event time that silence is reckoned from
      return Math.max(largest, in.readLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Partition partition(String split) {
    Partition partition = partitions.get(split);
    if (partition == null) {
      throw new IllegalArgumentException("unknown split '" + split + "'");
    }
    return partition;
  }

  /** Takes note of the rows of a partition; an empty batch says nothing. */
  public void observe(String split, EventBatch batch, long nowMillis) {
    if (!batch.isEmpty()) {
      observe(split, WatermarkGenerator.largest(batch), nowMillis);
    }
  }

  /**
   * Takes note of a partition that gave rows.
   *
   * @param largest their largest timestamp
   */
  public void observe(String split, long largest, long nowMillis) {
    Partition partition = partition(split);
    partition.generator.observe(largest);
    partition.lastEventMillis = nowMillis;
    partition.activity = Activity.ACTIVE;
    if (silence != null) {
      silence.rows(partition.generator.watermark(), nowMillis);
    }
  }

  /** A partition has ended and holds nobody back any more. */
  public void end(String split) {
    Partition ended = partitions.remove(split);
    if (ended != null && partitions.isEmpty() && time == TimeCharacteristic.EVENT) {
      raise(ended.generator.watermark());
    }
  }

  /**
   * The source could not be read for a while, because of back-pressure: that time does not make a
   * partition idle.
   */
  public void paused(long millis) {
    for (Partition partition : partitions.values()) {
      partition.lastEventMillis += millis;
    }
    wasPaused |= millis > 0;
  }

  /** These partitions were not read for a while, which does not make them idle. */
  void paused(Set<String> splits, long millis) {
    for (String split : splits) {
      Partition partition = partitions.get(split);
      if (partition != null) {
        partition.lastEventMillis += millis;
        wasPaused = true;
      }
    }
  }

  /** Brings {@link #watermark()} and {@link #isIdle()} up to the time. */
  public void advance(long nowMillis) {
    if (time == TimeCharacteristic.PROCESSING) {
      return;
    }
    advancedMillis = nowMillis;
    boolean anyActive = false;
    long smallest = Long.MAX_VALUE;
    long largest = Long.MIN_VALUE;
    for (Partition partition : partitions.values()) {
      partition.lastEventMillis = Math.min(partition.lastEventMillis, nowMillis);
      if (partition.activity == Activity.ACTIVE
          && nowMillis - partition.lastEventMillis >= idleTimeoutMillis) {
        partition.activity = Activity.IDLE;
      }
      long own = partition.generator.watermark();
      largest = Math.max(largest, own);
      if (partition.activity == Activity.ACTIVE) {
        anyActive = true;
        smallest = Math.min(smallest, own);
      }
    }
    idle = !anyActive;
    if (time == TimeCharacteristic.INGESTION) {
      if (anyActive) {
        raise(nowMillis - 1);
      }
    } else {
      raise(anyActive ? smallest : largest);
      listen(nowMillis);
      raise(reachedInSilence);
    }
  }

  /** Whether the source is silent, and how far event time has gone on by the clock if it is. */
  private void listen(long nowMillis) {
    if (silence == null) {
      return;
    }
    if (wasPaused) {
      wasPaused = false;
      silence.held(nowMillis);
    }
    long byTheClock = silence.watermark(nowMillis);
    silent = byTheClock != Long.MIN_VALUE;
    reachedInSilence = Math.max(reachedInSilence, byTheClock);
  }

  private void raise(long candidate) {
    watermark = Math.max(watermark, candidate);
  }

  /** As of the last {@link #advance}; {@link Long#MIN_VALUE} while nothing is known. */
  public long watermark() {
    return watermark;
  }

  /** Whether no partition is active. */
  public boolean isIdle() {
    return idle;
  }

  /** Whether event time went on by the silence fallback at the last {@link #advance}. */
  public boolean isSilent() {
    return silent;
  }

  /**
   * The watermark of one partition, or what the silence fallback has reached if that is more:
   * {@link Long#MIN_VALUE} while nothing is known, and under processing time.
   */
  public long watermark(String split) {
    return switch (time) {
      case EVENT -> watermark(partition(split));
      case INGESTION -> watermark;
      case PROCESSING -> Long.MIN_VALUE;
    };
  }

  /** Whether a partition was idle at the last {@link #advance}. */
  public boolean isIdle(String split) {
    return partition(split).activity == Activity.IDLE;
  }

  private long watermark(Partition partition) {
    return Math.max(partition.generator.watermark(), reachedInSilence);
  }

  /** The smallest watermark of an active partition; MAX_VALUE if there is none. */
  long slowestActive() {
    long slowest = Long.MAX_VALUE;
    for (Partition partition : partitions.values()) {
      if (partition.activity == Activity.ACTIVE) {
        slowest = Math.min(slowest, watermark(partition));
      }
    }
    return slowest;
  }

  /** The largest watermark of an active partition; MIN_VALUE if there is none. */
  long furthestActive() {
    long furthest = Long.MIN_VALUE;
    for (Partition partition : partitions.values()) {
      if (partition.activity == Activity.ACTIVE) {
        furthest = Math.max(furthest, watermark(partition));
      }
    }
    return furthest;
  }

  /**
   * Adds the active partitions whose watermark is beyond a limit.
   *
   * @return how many are active
   */
  int activeBeyond(long limit, Set<String> beyond) {
    int active = 0;
    for (Map.Entry<String, Partition> entry : partitions.entrySet()) {
      if (entry.getValue().activity == Activity.ACTIVE) {
        active++;
        if (watermark(entry.getValue()) > limit) {
          beyond.add(entry.getKey());
        }
      }
    }
    return active;
  }
}
