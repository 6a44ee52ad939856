import { config } from '#server/platform/config.ts'

/** The service's mark, without a text alternative, because the name is beside it. */
export function Mark({ size }: { size: number }) {
  const { mark, markDark } = config().issuer.brand
  return (
    <picture className="shrink-0">
      <source srcSet={markDark} media="(prefers-color-scheme: dark)" />
      <img src={mark} alt="" width={size} height={size} />
    </picture>
  )
}
