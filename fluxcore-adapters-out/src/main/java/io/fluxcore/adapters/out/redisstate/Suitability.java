package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.error.FluxCoreException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Redis can keep state: it must not throw keys away when it is full, be a replica or one
 * of a cluster, or be too old. Where it does not tell, a warning says what is to be looked at.
 */
final class Suitability {
  /** The first with COPY, 6.2. */
  private static final int LEAST_MAJOR = 6;

  private static final int LEAST_MINOR = 2;
  private static final String POLICY = "maxmemory_policy";

  private Suitability() {}

  /**
   * Looks at a Redis.
   *
   * @throws FluxCoreException if it would lose state, or does not answer
   */
  static void check(RedisLink link, System.Logger log) {
    check(facts(link), link.errors(), log);
  }

  /** The same with what Redis tells of itself. */
  static void check(Map<String, String> facts, RedisErrors errors, System.Logger log) {
    if ("1".equals(facts.get("cluster_enabled"))) {
      throw errors.unsuitable(
          "it is part of a cluster",
          "name a Redis without cluster mode in fluxcore.state.redis.uri");
    }
    if ("slave".equals(facts.get("role"))) {
      throw errors.unsuitable("it is a replica", "name its master in fluxcore.state.redis.uri");
    }
    String version = facts.get("redis_version");
    if (version != null && isTooOld(version)) {
      throw errors.unsuitable(
          "it is of version " + version, "use version 6.2 or later, which can copy keys");
    }
    checkPolicy(facts.get(POLICY), facts.get("maxmemory"), errors, log);
  }

  private static boolean isTooOld(String version) {
    String[] parts = version.split("\\.", -1);
    try {
      int major = Integer.parseInt(parts[0]);
      int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
      return major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR);
    } catch (NumberFormatException e) {
      return false; // one of another maker, whose commands will tell
    }
  }

  private static void checkPolicy(
      @Nullable String policy, @Nullable String memory, RedisErrors errors, System.Logger log) {
    if (policy == null) {
      log.log(
          System.Logger.Level.WARNING,
          "Redis at {0} does not tell its maxmemory-policy; it must be noeviction, or state is lost"
              + " when it is full",
          errors.address());
    } else if (policy.startsWith("allkeys-")) {
      throw errors.unsuitable(
          "its maxmemory-policy is "
              + policy
              + ", with which it throws state away when its maxmemory of "
              + (memory == null ? "unknown size" : memory + " bytes")
              + " is full",
          "set maxmemory-policy noeviction");
    } else if (!policy.equals("noeviction")) {
      log.log(
          System.Logger.Level.WARNING,
          "the maxmemory-policy of Redis at {0} is {1}: when it is full, it may throw away the key"
              + " that says that this process lives, and jobs go on from their last checkpoints;"
              + " noeviction is better",
          errors.address(),
          policy);
    }
  }

  private static Map<String, String> facts(RedisLink link) {
    Map<String, String> facts = new HashMap<>();
    for (String section : List.of("server", "memory", "replication", "cluster")) {
      byte[] text = ask(link, CommandType.INFO, section);
      if (text != null) {
        new String(text, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.indexOf(':') > 0)
            .forEach(
                line ->
                    facts.put(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip()));
      }
    }
    if (!facts.containsKey(POLICY)) {
      String policy = configured(link);
      if (policy != null) {
        facts.put(POLICY, policy);
      }
    }
    return facts;
  }

  /** What a Redis tells, null where the user may not ask. */
  private static byte @Nullable [] ask(RedisLink link, CommandType type, String what) {
    Requests requests = link.requests();
    Requests.Answer<byte[]> answer =
        requests.value(type, new CommandArgs<byte[], byte[]>(ByteArrayCodec.INSTANCE).add(what));
    return isAnswered(requests) ? answer.orNull() : null;
  }

  private static @Nullable String configured(RedisLink link) {
    Requests requests = link.requests();
    Requests.Answer<List<byte[]>> answer =
        requests.values(
            CommandType.CONFIG,
            new CommandArgs<byte[], byte[]>(ByteArrayCodec.INSTANCE)
                .add("GET")
                .add("maxmemory-policy"));
    if (!isAnswered(requests) || answer.get().size() != 2) {
      return null;
    }
    return new String(answer.get().get(1), StandardCharsets.UTF_8);
  }

  private static boolean isAnswered(Requests requests) {
    try {
      requests.end();
      return true;
    } catch (FluxCoreException e) {
      if (e.code().equals("FLX-REDIS-0005")) {
        return false; // the user may not ask, or the service has no such command
      }
      throw e;
    }
  }
}
