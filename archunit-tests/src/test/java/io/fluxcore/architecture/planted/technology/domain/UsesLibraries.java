package io.fluxcore.architecture.planted.technology.domain;

import com.google.re2j.Pattern;
import javax.script.ScriptEngine;

/** Planted: a client library, and a part of the JDK that is not {@code java..}. */
final class UsesLibraries {
  Pattern pattern;
  ScriptEngine engine;
}
