package io.fluxcore.architecture.planted.libraries.unknown.adapters.out.file;

import org.assertj.core.api.Assert;

/** Planted: a library that nobody listed. */
final class OutOfPlace {
  Assert<?, ?> library;
}
