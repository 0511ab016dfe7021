import type { KernelToOnnx } from "../../engines/native/graph-builder.ts";

export const rotaryToOnnx: KernelToOnnx<"rotary"> = (
  graph,
  { x, table, y, batch, length, heads, dh, rotaryDim, interleaved, direction },
) => {
  const half = rotaryDim / 2;
  const input = graph.read(x, [batch, length, heads, dh]);
  const angles = graph.read(table, [length, 2, half]);
  const row = (i: number): ReturnType<typeof graph.read> =>
    graph.reshape(graph.slice(angles, 1, i, i + 1), [length, 1, half]);
  const cosine = row(0);
  const sine = direction < 0 ? graph.map("Neg", row(1)) : row(1);
  const rotated = graph.slice(input, 3, 0, rotaryDim);
  // The two coordinates of every pair, each [batch, length, heads, half].
  const pairs = graph.reshape(
    rotated,
    interleaved === 1 ? [batch, length, heads, half, 2] : [batch, length, heads, 2, half],
  );
  const axis = interleaved === 1 ? 4 : 3;
  const coordinate = (i: number): ReturnType<typeof graph.read> =>
    graph.reshape(graph.slice(pairs, axis, i, i + 1), [batch, length, heads, half]);
  const [a, b] = [coordinate(0), coordinate(1)];
  const turned = [
    graph.sub(graph.mul(a, cosine), graph.mul(b, sine)),
    graph.add(graph.mul(b, cosine), graph.mul(a, sine)),
  ];
  const back =
    interleaved === 1
      ? graph.reshape(
          graph.concat(
            turned.map((value) => graph.reshape(value, [batch, length, heads, half, 1])),
            4,
          ),
          [batch, length, heads, rotaryDim],
        )
      : graph.concat(turned, 3);
  graph.write(y, rotaryDim === dh ? back : graph.concat([back, graph.slice(input, 3, rotaryDim, dh)], 3));
};
