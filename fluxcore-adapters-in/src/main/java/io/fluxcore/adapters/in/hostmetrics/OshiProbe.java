package io.fluxcore.adapters.in.hostmetrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.NetworkIF;
import oshi.hardware.VirtualMemory;
import oshi.software.os.OSFileStore;

/** Asks the operating system through OSHI. */
final class OshiProbe implements HostProbe {
  private static final String BYTES = "bytes";
  private static final String BYTES_A_SECOND = "bytes/s";

  private final SystemInfo system = new SystemInfo();

  @Override
  public String hostName() {
    return system.getOperatingSystem().getNetworkParams().getHostName();
  }

  @Override
  public List<Raw> read(MetricGroup group) {
    List<Raw> values = new ArrayList<>();
    switch (group) {
      case CPU -> cpu(values);
      case MEMORY -> memory(values);
      case SWAP -> swap(values);
      case DISK -> disk(values);
      case DISK_IO -> diskIo(values);
      case NETWORK -> network(values);
      case LOAD -> load(values);
    }
    return values;
  }

  private static void level(
      List<Raw> to, String metric, @Nullable String device, double value, String unit) {
    to.add(new Raw(metric, device, value < 0 ? null : (Double) value, unit, Kind.LEVEL));
  }

  private static void level(
      List<Raw> to, String metric, @Nullable String device, long value, String unit) {
    level(to, metric, device, (double) value, unit);
  }

  private static void rate(
      List<Raw> to, String metric, @Nullable String device, long value, String unit) {
    Double count = value < 0 ? null : (Double) (double) value;
    to.add(new Raw(metric, device, count, unit, Kind.COUNTER));
  }

  private void cpu(List<Raw> to) {
    CentralProcessor processor = system.getHardware().getProcessor();
    long[] ticks = processor.getSystemCpuLoadTicks();
    double idle = ticks[TickType.IDLE.getIndex()] + ticks[TickType.IOWAIT.getIndex()];
    double busy = -idle;
    for (TickType type : TickType.values()) {
      double value = ticks[type.getIndex()];
      busy += value;
      to.add(
          new Raw("cpu.state", type.name().toLowerCase(Locale.ROOT), value, "percent", Kind.SHARE));
    }
    to.add(new Raw("cpu", "busy", busy, "percent", Kind.SHARE));
    to.add(new Raw("cpu", "idle", idle, "percent", Kind.SHARE));
  }

  private void memory(List<Raw> to) {
    GlobalMemory memory = system.getHardware().getMemory();
    long total = memory.getTotal();
    long available = memory.getAvailable();
    level(to, "memory.total", null, total, BYTES);
    level(to, "memory.available", null, available, BYTES);
    level(to, "memory.used", null, total - available, BYTES);
  }

  private void swap(List<Raw> to) {
    VirtualMemory memory = system.getHardware().getMemory().getVirtualMemory();
    level(to, "swap.total", null, memory.getSwapTotal(), BYTES);
    level(to, "swap.used", null, memory.getSwapUsed(), BYTES);
    rate(to, "swap.in", null, memory.getSwapPagesIn(), "pages/s");
    rate(to, "swap.out", null, memory.getSwapPagesOut(), "pages/s");
  }

  private void disk(List<Raw> to) {
    for (OSFileStore store : system.getOperatingSystem().getFileSystem().getFileStores(true)) {
      String mount = store.getMount();
      long total = store.getTotalSpace();
      if (total > 0) {
        level(to, "disk.total", mount, total, BYTES);
        level(to, "disk.available", mount, store.getUsableSpace(), BYTES);
        level(to, "disk.used", mount, total - store.getFreeSpace(), BYTES);
      }
    }
  }

  private void diskIo(List<Raw> to) {
    for (HWDiskStore disk : system.getHardware().getDiskStores()) {
      String name = disk.getName();
      rate(to, "disk-io.read", name, disk.getReadBytes(), BYTES_A_SECOND);
      rate(to, "disk-io.written", name, disk.getWriteBytes(), BYTES_A_SECOND);
      rate(to, "disk-io.reads", name, disk.getReads(), "operations/s");
      rate(to, "disk-io.writes", name, disk.getWrites(), "operations/s");
    }
  }

  private void network(List<Raw> to) {
    for (NetworkIF network : system.getHardware().getNetworkIFs()) {
      String name = network.getName();
      rate(to, "network.received", name, network.getBytesRecv(), BYTES_A_SECOND);
      rate(to, "network.sent", name, network.getBytesSent(), BYTES_A_SECOND);
      rate(to, "network.packetsReceived", name, network.getPacketsRecv(), "packets/s");
      rate(to, "network.packetsSent", name, network.getPacketsSent(), "packets/s");
      rate(to, "network.errorsReceived", name, network.getInErrors(), "packets/s");
      rate(to, "network.errorsSent", name, network.getOutErrors(), "packets/s");
    }
  }

  private void load(List<Raw> to) {
    double[] averages = system.getHardware().getProcessor().getSystemLoadAverage(3);
    level(to, "load.1m", null, averages[0], "processes");
    level(to, "load.5m", null, averages[1], "processes");
    level(to, "load.15m", null, averages[2], "processes");
  }
}
