package io.fluxcore.adapters.in.hostmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fluxcore.adapters.in.hostmetrics.HostProbe.Raw;
import io.fluxcore.adapters.in.hostmetrics.Reading.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Against what the kernel of this machine says itself. */
final class OshiProbeTest {
  private final OshiProbe probe = new OshiProbe();

  private static long meminfo(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Double> levels(List<Raw> values) {
    return values.stream()
        .filter(v -> v.value() != null)
        .collect(Collectors.toMap(Raw::metric, Raw::value, (a, b) -> a));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memory_isThatOfProcMeminfo_onLinux() throws IOException {
    Map<String, Double> memory = levels(probe.read(MetricGroup.MEMORY));
    double total = meminfo("MemTotal");
    assertThat(memory.get("memory.total")).isEqualTo(total);
    assertThat(memory.get("memory.available"))
        .isCloseTo((double) meminfo("MemAvailable"), within(total / 10));
    assertThat(memory.get("memory.used") + memory.get("memory.available")).isEqualTo(total);
    assertThat(levels(probe.read(MetricGroup.SWAP)).get("swap.total"))
        .isEqualTo((double) meminfo("SwapTotal"));
  }

  private static long[] procStat() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/stat")).get(0);
    return Arrays.stream(line.strip().split(" +")).skip(1).mapToLong(Long::parseLong).toArray();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void processor_isThatOfProcStat_onLinux() throws IOException {
    Rates rates = new Rates();
    long[] before = procStat();
    rates.of(probe.read(MetricGroup.CPU), 0);
    long total = 0;
    long[] after = before;
    while (total < 200) { // Ticks of ten milliseconds, so that one more or less does not matter.
      after = procStat();
      total = 0;
      for (int i = 0; i < 8; i++) {
        total += after[i] - before[i];
      }
    }
    List<Measurement> measured = rates.of(probe.read(MetricGroup.CPU), 1);
    double idle = 100.0 * (after[3] - before[3] + after[4] - before[4]) / total;
    Map<String, Double> cpu =
        measured.stream()
            .filter(m -> m.metric().equals("cpu"))
            .collect(Collectors.toMap(m -> String.valueOf(m.device()), Measurement::value));
    assertThat(cpu.get("idle")).isCloseTo(idle, within(5.0));
    assertThat(cpu.get("busy")).isCloseTo(100 - idle, within(5.0));
    Map<String, Double> states =
        measured.stream()
            .filter(m -> m.metric().equals("cpu.state"))
            .collect(Collectors.toMap(m -> String.valueOf(m.device()), Measurement::value));
    assertThat(states).hasSize(8);
    assertThat(states.get("user")).isCloseTo(100.0 * (after[0] - before[0]) / total, within(5.0));
    assertThat(states.values().stream().mapToDouble(v -> v).sum()).isCloseTo(100, within(0.001));
  }

  @Test
  void everyGroup_answers_withoutNumbersThatCannotBe() {
    assertThat(probe.hostName()).isNotBlank();
    for (MetricGroup group : MetricGroup.values()) {
      assertThat(probe.read(group))
          .allSatisfy(
              v -> {
                assertThat(v.metric()).startsWith(group.word());
                if (v.value() != null) {
                  assertThat(v.value()).as(v.metric()).isNotNegative().isFinite();
                }
              });
    }
  }
}
