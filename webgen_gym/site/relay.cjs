'use strict'
// Starts a server and forwards a unix socket to the port that it listens on.
// node relay.cjs PORT PROGRAM [ARGUMENT...], with the listening unix socket as standard input: any other descriptor
// might be inherited by the server, which could then answer in our place.
// Ends with the server's exit code, and with the process that started it.

const net = require('node:net')
const os = require('node:os')
const { spawn } = require('node:child_process')

const HOSTS = ['127.0.0.1', '::1'] // servers told to use "localhost" may listen on either
const ORPHAN_CHECK_MS = 1000

const [port, program, ...args] = process.argv.slice(2)

function forward(client, [host, ...others]) {
  const server = net.connect({ host, port: Number(port), allowHalfOpen: true })
  const refused = () => (others.length > 0 ? forward(client, others) : client.destroy())
  server.once('error', refused)
  server.once('connect', () => {
    server.off('error', refused)
    server.on('error', () => client.destroy())
    client.pipe(server)
    server.pipe(client)
  })
  client.once('close', () => server.destroy())
}

net
  .createServer({ allowHalfOpen: true, pauseOnConnect: false }, (client) => {
    client.on('error', () => client.destroy())
    forward(client, HOSTS)
  })
  .listen({ fd: 0 })

const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
child.on('error', (error) => {
  console.error(error.message)
  process.exit(127)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))

const parent = process.ppid
setInterval(() => {
  if (process.ppid === parent) return
  try {
    process.kill(-process.pid, 'SIGKILL') // the whole group, which this process leads outside of a jail
  } finally {
    child.kill('SIGKILL')
    process.exit(1)
  }
}, ORPHAN_CHECK_MS).unref()
