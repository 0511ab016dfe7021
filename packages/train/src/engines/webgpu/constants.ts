/** Bits of `GPUBufferUsage`, which is a global only where WebGPU is. */
export const bufferUsage = {
  mapRead: 0x0001,
  copySrc: 0x0004,
  copyDst: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
} as const;

/** `GPUMapMode.READ`. */
export const mapModeRead = 0x0001;

/** `GPUShaderStage.COMPUTE`. */
export const computeStage = 0x0004;
