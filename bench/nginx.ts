import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

interface Fronts {
  /** Serves the files below `site`. */
  readonly filePort: number
  /** Serves the product's cacheable pages from nginx's own cache. */
  readonly cachePort: number
  readonly productPort: number
}

/**
 * Starts a separate nginx in the folder of a measurement, with one worker because the product has one process; without
 * access logs.
 */
export async function startNginx(folder: string, fronts: Fronts): Promise<{ stop(): Promise<void> }> {
  const program = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync)
  if (!program) throw new Error('No nginx found: apt-get install -y nginx-light')
  const place = join(folder, 'nginx')
  mkdirSync(place)
  chmodSync(place, 0o777)
  const file = join(place, 'nginx.conf')
  writeFileSync(file, configuration(folder, place, fronts))
  const { status, stderr } = spawnSync(program, ['-t', '-c', file, '-p', place], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`nginx does not start: ${stderr}`)
  const started = spawn(program, ['-c', file, '-p', place], { stdio: 'ignore' })
  const isUp = () =>
    fetch(`http://localhost:${fronts.filePort}/`).then(
      () => true,
      () => false,
    )
  while (!(await isUp())) {
    if (started.exitCode !== null) throw new Error('nginx ended at its start')
    await pause(50)
  }
  return {
    stop: async () => {
      started.kill('SIGTERM')
      await once(started, 'exit')
    },
  }
}

function configuration(folder: string, place: string, { filePort, cachePort, productPort }: Fronts): string {
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${place}/${name};`)
    .join('\n  ')
  return `${user}
worker_processes 1;
daemon off;
pid ${place}/nginx.pid;
error_log ${place}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nodelay on;
  keepalive_requests 1000000;
  open_file_cache max=100;
  default_type text/html;
  ${temporary}
  proxy_cache_path ${place}/cache keys_zone=pages:10m;
  server { listen 127.0.0.1:${filePort}; listen [::1]:${filePort}; root ${folder}/site; }
  server {
    listen 127.0.0.1:${cachePort}; listen [::1]:${cachePort};
    location / { proxy_pass http://localhost:${productPort}; proxy_set_header Host localhost:${productPort}; proxy_cache pages; }
  }
}
`
}
