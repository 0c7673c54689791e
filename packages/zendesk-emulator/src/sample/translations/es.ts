import type { SampleTranslation } from "../model.ts"

const es = (title: string, bodyHtml: string): SampleTranslation => ({
  locale: "es",
  title,
  bodyHtml: bodyHtml.trim(),
  draft: false,
})

/** Spanish translations, by article id. */
export const spanish: ReadonlyMap<number, SampleTranslation> = new Map([
  [
    4100000002,
    es(
      "Consultar el estado de tu pedido",
      `
<p>Inicia sesión y abre <strong>Mi cuenta &gt; Pedidos</strong> para ver dónde está tu pedido. Si compraste como invitado, usa la página de estado con el número de pedido y tu correo electrónico.</p>
<h2>Qué significa cada estado</h2>
<ul>
<li>Recibido: tenemos tu pedido y esperamos el pago.</li>
<li>En preparación: el almacén reúne tus artículos.</li>
<li>Entregado al transportista: el paquete ha salido y tienes un enlace de seguimiento.</li>
</ul>`,
    ),
  ],
  [
    4100000007,
    es(
      "Plazos de entrega y gastos de envío",
      `
<p>Los pedidos hechos antes de las 13:00 de un día laborable salen el mismo día si todo está en stock.</p>
<table>
<thead><tr><th>Opción</th><th>Plazo</th><th>Coste</th></tr></thead>
<tbody>
<tr><td>Paquete estándar</td><td>de 2 a 4 días laborables</td><td>4,90 euros, gratis desde 75 euros</td></tr>
<tr><td>Bicicleta por transporte especial</td><td>de 5 a 8 días laborables</td><td>39 euros, gratis desde 1.500 euros</td></tr>
</tbody>
</table>`,
    ),
  ],
  [
    4100000014,
    es(
      "¿Qué formas de pago aceptáis?",
      `
<p>Puedes pagar con:</p>
<ul>
<li>Visa, Mastercard y American Express</li>
<li>PayPal, Apple Pay y Google Pay</li>
<li>transferencia bancaria por adelantado</li>
<li>tarjetas regalo de Larkspoke</li>
</ul>
<p>El efectivo solo se acepta en las tiendas. No aceptamos cheques, criptomonedas ni pago contra reembolso.</p>`,
    ),
  ],
  [
    4100000022,
    es(
      "Cómo devolver un artículo",
      `
<p>Puedes devolver artículos sin usar durante los <strong>60 días</strong> siguientes a la entrega.</p>
<ol>
<li>Abre <strong>Mi cuenta &gt; Devoluciones</strong> o el portal de devoluciones.</li>
<li>Elige los artículos y el motivo.</li>
<li>Imprime la etiqueta o muestra el código QR en el punto de entrega.</li>
</ol>
<p>Las devoluciones desde España tienen un coste de 6,90 euros por paquete. Devolver en la tienda de Valencia es gratis.</p>`,
    ),
  ],
  [
    4100000023,
    es(
      "¿Cuándo recibo mi reembolso?",
      `
<p>Revisamos los paquetes devueltos en <strong>cinco días laborables</strong> desde su llegada. El dinero vuelve por el mismo medio de pago: PayPal en 1 o 2 días, tarjeta en 3 a 7 días y transferencia en 2 o 3 días laborables.</p>`,
    ),
  ],
  [
    4100000041,
    es(
      "Encontrar la talla de cuadro adecuada",
      `
<p>Mide la entrepierna descalzo, con un libro entre las piernas, desde el borde superior hasta el suelo.</p>
<table>
<thead><tr><th>Estatura</th><th>Entrepierna</th><th>Talla</th></tr></thead>
<tbody>
<tr><td>162 a 171 cm</td><td>75 a 81 cm</td><td>S</td></tr>
<tr><td>171 a 180 cm</td><td>80 a 86 cm</td><td>M</td></tr>
<tr><td>180 a 188 cm</td><td>85 a 91 cm</td><td>L</td></tr>
</tbody>
</table>
<p>¿Entre dos tallas? Elige la pequeña para un uso deportivo y la grande para mayor comodidad.</p>`,
    ),
  ],
  [
    4100000046,
    es(
      "¿Qué autonomía tiene la batería?",
      `
<p>La autonomía depende del nivel de asistencia, el peso, el viento y las subidas. Con la batería de 540 Wh: 130 km en modo Eco, 90 km en modo Tour y 60 km en modo Boost, en terreno llano. El frío por debajo de 5 °C reduce la autonomía hasta un 25 %.</p>`,
    ),
  ],
])
