package io.fluxcore.application.connector;

import io.fluxcore.domain.error.FluxCoreException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may get in by HTTP: who knows a token (RFC 6750), or a user with its password (RFC 7617), in
 * the header {@code Authorization}. The same options say what a client shows. Secrets are read each
 * time, since their files may be changed. Comparing takes as long whatever is wrong. Thread-safe.
 *
 * @param token a bearer token
 * @param user null: none
 * @param password the user's
 */
public record Access(Secret token, @Nullable String user, Secret password) {
  /** Everybody. */
  public static final Access OPEN =
      new Access(new Secret("token", null, null), null, new Secret("password", null, null));

  private static final String TOKEN = "token";
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  /**
   * The options.
   *
   * @param who shows them, such as {@code Publishers}
   */
  public static List<OptionSpec> specs(String who) {
    List<OptionSpec> specs = new ArrayList<>();
    specs.addAll(
        Secret.specs(TOKEN, who + " show this bearer token in the header `Authorization`"));
    specs.add(
        OptionSpec.optional(
            USER,
            OptionSpec.Type.STRING,
            null,
            who + " show this user and `password` (basic authentication)."));
    specs.addAll(Secret.specs(PASSWORD, "The user's password"));
    return List.copyOf(specs);
  }

  /** What the options say; problems are told if they do not fit together. */
  public static Access of(ConnectorOptions options, OptionProblems problems) {
    Access access =
        new Access(
            Secret.of(options, TOKEN, problems),
            options.optionalString(USER),
            Secret.of(options, PASSWORD, problems));
    if (access.user == null && access.password.isGiven()) {
      problems.add(PASSWORD, "there is no user whose it is", "give user");
    }
    if (access.user != null && !access.password.isGiven()) {
      problems.add(USER, "there is no password", "give password or passwordFile");
    }
    if (access.user != null && access.user.contains(":")) {
      problems.add(USER, "a user of basic authentication has no ':'", "give another name");
    }
    return access;
  }

  /** Whether nothing need be shown. */
  public boolean isOpen() {
    return !token.isGiven() && user == null;
  }

  /**
   * Whether who shows this may get in.
   *
   * @param authorization the header {@code Authorization}; null: nothing is shown
   * @throws FluxCoreException if a file with a secret cannot be read
   */
  public boolean admits(@Nullable String authorization) {
    if (isOpen()) {
      return true;
    }
    String shown = authorization == null ? "" : authorization.strip();
    boolean isToken = isToken(shown);
    boolean isUser = isUser(shown);
    return isToken || isUser;
  }

  private boolean isToken(String shown) {
    String secret = token.read();
    return secret != null
        && !secret.isEmpty()
        && isScheme(BEARER, shown)
        && isEqual(secret, shown.substring(BEARER.length()).strip());
  }

  private boolean isUser(String shown) {
    String secret = password.read();
    if (user == null || secret == null || !isScheme(BASIC, shown)) {
      return false;
    }
    try {
      byte[] both = Base64.getDecoder().decode(shown.substring(BASIC.length()).strip());
      return isEqual(user + ":" + secret, new String(both, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return false; // no base 64
    }
  }

  private static boolean isScheme(String scheme, String shown) {
    return shown.length() > scheme.length()
        && shown
            .substring(0, scheme.length())
            .toLowerCase(Locale.ROOT)
            .equals(scheme.toLowerCase(Locale.ROOT));
  }

  /** Digests are of one length, so that the time does not tell that of the secret. */
  private static boolean isEqual(String secret, String shown) {
    return MessageDigest.isEqual(digest(secret), digest(shown));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** What is asked for in the header {@code WWW-Authenticate} of status 401; several values. */
  public List<String> challenges() {
    List<String> challenges = new ArrayList<>();
    if (token.isGiven()) {
      challenges.add("Bearer realm=\"fluxcore\"");
    }
    if (user != null) {
      challenges.add("Basic realm=\"fluxcore\", charset=\"UTF-8\"");
    }
    return challenges;
  }

  /**
   * What a client shows in the header {@code Authorization}; null: nothing.
   *
   * @throws FluxCoreException if a file with a secret cannot be read
   */
  public @Nullable String authorization() {
    String secret = token.read();
    if (secret != null) {
      return BEARER + secret;
    }
    if (user == null) {
      return null;
    }
    String both = user + ":" + String.valueOf(password.read());
    return BASIC + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /** Without secrets. */
  @Override
  public String toString() {
    if (isOpen()) {
      return "nothing";
    }
    return token.isGiven() ? "a token" : "user '" + user + "'";
  }
}
